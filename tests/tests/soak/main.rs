//! A soak: many tasks make calls of mixed kinds to a server that fails in twenty ways. In the end nothing is left of them.
//!
//! `SOAK_CALLS=200000 cargo test -p workspace-tests --test soak -- --nocapture` is the full form. It is a program of its own,
//! because it counts the descriptors and the memory of its process.

#[cfg(test)]
mod events;
#[cfg(test)]
mod ways;

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use extend_ai::blocking::{Call, Client as BlockingClient};
    use extend_ai::testing::InstantClock;
    use extend_ai::{Client, Error, FilePart};
    use sdk_runtime::codegen::Core;
    use tokio::runtime::Handle;
    use tokio::task::JoinSet;
    use workspace_tests::hostile::Hostile;

    use super::events;
    use super::ways::{WAYS, script};

    /// The calls of the short form.
    const CALLS: usize = 3_000;
    const TASKS: usize = 100;
    /// A call ends long before, whatever the server does.
    const HANGS: Duration = Duration::from_secs(30);
    /// How much the resident memory may grow after the first quarter of the calls.
    const MOST_GROWTH: usize = 48 * 1024 * 1024;

    /// Counts what calls end with.
    #[derive(Default)]
    struct Counts {
        begun: AtomicUsize,
        successes: AtomicUsize,
        errors: AtomicUsize,
    }

    fn descriptors() -> usize {
        std::fs::read_dir("/proc/self/fd").unwrap().count()
    }

    /// Returns the resident memory in bytes.
    fn memory() -> usize {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
    }

    const KEY: &str = "sk_test_1234567890";
    const LIMIT: Duration = Duration::from_millis(500);

    /// The clients of all kinds.
    #[derive(Clone)]
    struct Clients {
        client: Client,
        blocking: BlockingClient,
        events: Core,
        link: String,
    }

    impl Clients {
        /// Builds clients. A blocking client is built and dropped outside of the runtime.
        fn new(url: &str) -> Self {
            let builder = Client::builder().api_key(KEY).base_url(url).timeout(LIMIT);
            let builder = builder.total_timeout(Duration::from_secs(2)).max_retries(1);
            let builder = builder.clock(Arc::new(InstantClock::new()));
            let blocking = builder.clone().build_blocking().unwrap();
            let (client, events) = (builder.build().unwrap(), events::core(KEY, url));
            Self { client, blocking, events, link: format!("{url}/a.pdf?sig=hunter2") }
        }

        async fn call(&self, number: usize) -> Result<(), Error> {
            let Self { client, blocking, events, link } = self;
            match number % 10 {
                0 => client.files().retrieve("file_1").await.map(drop),
                1 => client.files().list().await.map(drop),
                2 => client.extract_runs().create().await.map(drop),
                3 => client.extract_runs().retrieve("exr_1").await.map(drop),
                4 => client.download(link).timeout(LIMIT).bytes().await.map(drop),
                5 => client.files().upload(FilePart::bytes("a.pdf", vec![0; 1 << 16])).await.map(drop),
                6 => client.files().upload(FilePart::from_path("/proc/self/status")).await.map(drop),
                7 => client.extract_runs().attach("exr_1").max_wait(Duration::from_secs(30)).await.map(drop),
                8 => events::read(events).await,
                _ => {
                    let call = blocking.files().retrieve("file_1");
                    tokio::task::spawn_blocking(move || call.call().map(drop)).await.unwrap()
                }
            }
        }
    }

    /// Makes calls in many tasks until so many were begun.
    async fn make_calls(clients: &Clients, counts: &Arc<Counts>, most: usize) {
        let mut tasks = JoinSet::new();
        for _ in 0..TASKS {
            let (clients, counts) = (clients.clone(), Arc::clone(counts));
            tasks.spawn(async move {
                loop {
                    let number = counts.begun.fetch_add(1, Ordering::Relaxed);
                    if number >= most {
                        return;
                    }
                    let result = tokio::time::timeout(HANGS, clients.call(number)).await;
                    let counter = match result.unwrap_or_else(|_| panic!("call {number} hangs")) {
                        Ok(()) => &counts.successes,
                        Err(error) => {
                            assert!(!format!("{error} {error:?}").contains("hunter2"), "the link is shown");
                            &counts.errors
                        }
                    };
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        while let Some(task) = tasks.join_next().await {
            task.unwrap();
        }
    }

    /// Waits until tasks and descriptors are as few as before, and returns how many there are in the end.
    async fn settle(before: (usize, usize)) -> (usize, usize) {
        let end = Instant::now() + HANGS;
        loop {
            let now = (Handle::current().metrics().num_alive_tasks(), descriptors());
            if (now.0 <= before.0 && now.1 <= before.1) || Instant::now() > end {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn nothing_is_left_of_many_calls_to_a_server_that_fails_in_twenty_ways() {
        let wanted = std::env::var("SOAK_CALLS").ok().and_then(|calls| calls.parse().ok());
        let wanted: usize = wanted.unwrap_or(CALLS);
        // The first timer and the first socket open descriptors of the runtime itself.
        tokio::time::sleep(Duration::from_millis(1)).await;
        let before = (Handle::current().metrics().num_alive_tasks(), descriptors());
        let mut next = 0;
        let server = Hostile::choosing(move || {
            next += 1;
            script(next)
        });
        let server = server.await.unwrap();
        let url = server.url().to_owned();
        let clients = tokio::task::spawn_blocking(move || Clients::new(&url)).await.unwrap();

        let counts = Arc::<Counts>::default();
        let begun = Instant::now();
        make_calls(&clients, &counts, wanted / 4).await;
        let warm = memory();
        counts.begun.store(wanted / 4, Ordering::Relaxed);
        make_calls(&clients, &counts, wanted).await;
        let growth = memory().saturating_sub(warm);

        let (successes, errors) = (counts.successes.load(Ordering::Relaxed), counts.errors.load(Ordering::Relaxed));
        println!("{successes} successes, {errors} errors, {} connections", server.connections());
        println!("{:.1} s, memory {warm} + {growth} bytes", begun.elapsed().as_secs_f64());
        assert_eq!(successes + errors, wanted);
        // How many of each depends on how busy the machine is.
        assert!(successes > 0 && errors > 0, "{successes} successes, {errors} errors");
        assert!(server.connections() > WAYS, "{}", server.connections());
        assert!(growth < MOST_GROWTH, "memory grew by {growth} bytes");
        tokio::task::spawn_blocking(move || drop(clients)).await.unwrap();
        drop(server);
        let after = settle(before).await;
        assert!(
            after.0 <= before.0 && after.1 <= before.1,
            "tasks and descriptors: {before:?} before, {after:?} after"
        );
    }
}
