//! Named string arguments of one call, taken out one by one as typed values.
//!
//! Must not know which operation they are for: the caller names each argument it takes, and [`Arguments::finish`]
//! rejects any that are left.

use std::fmt;
use std::path::PathBuf;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Output, UsageError, guess};
use crate::client::request_options::RequestOptions;
use crate::decode::decode_value;
use crate::multipart::FilePart;
use crate::sensitive::Shown;

/// The arguments of one call: path, query, headers, and a body or the fields of a form.
pub struct Arguments {
    output: Output,
    path: Vec<(String, String)>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    texts: Vec<(String, String)>,
    files: Vec<(String, PathBuf)>,
    body: Option<Body>,
    requested: Vec<(Place, &'static str)>,
}

/// A body that is not a form.
enum Body {
    Json(Value),
    Bytes(Bytes),
}

/// Where an argument is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Path,
    Query,
    Header,
    Form,
}

impl Place {
    /// Returns what an argument of this location is called, and the command-line option that sets it.
    fn terms(self) -> (&'static str, &'static str) {
        match self {
            Self::Path => ("path parameter", "--path"),
            Self::Query => ("query parameter", "--query"),
            Self::Header => ("header", "--header"),
            Self::Form => ("form field", "--form"),
        }
    }

    fn read<T: DeserializeOwned>(self, name: &str, texts: Vec<String>) -> Result<Option<T>, UsageError> {
        let (term, _) = self.terms();
        guess::guess_value(&format!("the {term} `{name}`"), texts)
    }

    fn missing(self, name: &str) -> UsageError {
        let (term, option) = self.terms();
        UsageError::new(format!("the {term} `{name}` is missing: give it with {option} {name}=…"))
    }
}

impl Arguments {
    /// Creates an empty set of arguments; `output` selects the form of the response.
    pub fn new(output: Output) -> Self {
        Self {
            output,
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            texts: Vec::new(),
            files: Vec::new(),
            body: None,
            requested: Vec::new(),
        }
    }

    /// Adds a path parameter, which is not percent-encoded.
    #[must_use]
    pub fn path(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.path.push((name.into(), value.into()));
        self
    }

    /// Adds a query parameter, which is not percent-encoded. Repeating a name makes a list.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds a header. A header that the operation does not define is sent as it is.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the JSON body.
    #[must_use]
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(Body::Json(body));
        self
    }

    /// Sets a body that is sent as it is, for operations that accept a file or similar.
    #[must_use]
    pub fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(Body::Bytes(body.into()));
        self
    }

    /// Adds a text field of a form. Repeating a name makes a list.
    #[must_use]
    pub fn form_text(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.texts.push((name.into(), value.into()));
        self
    }

    /// Adds a file field of a form.
    #[must_use]
    pub fn form_file(mut self, name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        self.files.push((name.into(), path.into()));
        self
    }

    /// Takes a path parameter.
    ///
    /// # Errors
    ///
    /// Returns an error if the parameter is missing, does not fit the type, or is repeated although it is not a list.
    pub fn take_path<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, UsageError> {
        self.requested.push((Place::Path, name));
        let values = take(&mut self.path, |given| given == name);
        let several = values.len() > 1;
        match Place::Path.read(name, values) {
            Ok(value) => value.ok_or_else(|| Place::Path.missing(name)),
            Err(_) if several => Err(UsageError::new(format!("the path parameter `{name}` is given more than once"))),
            Err(error) => Err(error),
        }
    }

    /// Takes a query parameter.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not fit the type.
    pub fn take_query<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, UsageError> {
        self.requested.push((Place::Query, name));
        let values = take(&mut self.query, |given| given == name);
        Place::Query.read(name, values)
    }

    /// Takes a required query parameter.
    ///
    /// # Errors
    ///
    /// Returns an error if the parameter is missing or does not fit the type.
    pub fn take_required_query<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, UsageError> {
        self.take_query(name)?.ok_or_else(|| Place::Query.missing(name))
    }

    /// Takes a header, whose name is matched case-insensitively.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not fit the type.
    pub fn take_header<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, UsageError> {
        self.requested.push((Place::Header, name));
        let values = take(&mut self.headers, |given| given.eq_ignore_ascii_case(name));
        Place::Header.read(name, values)
    }

    /// Takes a required header.
    ///
    /// # Errors
    ///
    /// Returns an error if the header is missing or does not fit the type.
    pub fn take_required_header<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, UsageError> {
        self.take_header(name)?.ok_or_else(|| Place::Header.missing(name))
    }

    /// Takes the JSON body.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is missing or does not fit the type.
    pub fn take_body<T: DeserializeOwned>(&mut self) -> Result<T, UsageError> {
        let missing = || UsageError::new("the body is missing: give it with --body JSON, --body @FILE or --body -");
        self.take_optional_body()?.ok_or_else(missing)
    }

    /// Takes the JSON body, if there is one.
    ///
    /// # Errors
    ///
    /// Returns an error if the body does not fit the type or was set as bytes.
    pub fn take_optional_body<T: DeserializeOwned>(&mut self) -> Result<Option<T>, UsageError> {
        let body = match self.body.take() {
            None => return Ok(None),
            Some(Body::Json(body)) => body,
            Some(Body::Bytes(_)) => return Err(UsageError::new("the body is JSON and is given as bytes")),
        };
        let decoded = decode_value(&body);
        decoded.map(Some).map_err(|error| UsageError::misfit("the body", &error))
    }

    /// Takes a body that is sent as it is. A JSON string stands for its characters.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is missing, or is JSON other than a string.
    pub fn take_bytes(&mut self) -> Result<Bytes, UsageError> {
        self.take_optional_bytes()?.ok_or_else(|| UsageError::new("the body is missing: give it as bytes"))
    }

    /// Takes a body that is sent as it is, if there is one. A JSON string stands for its characters.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is JSON other than a string.
    pub fn take_optional_bytes(&mut self) -> Result<Option<Bytes>, UsageError> {
        match self.body.take() {
            None => Ok(None),
            Some(Body::Bytes(bytes)) => Ok(Some(bytes)),
            Some(Body::Json(Value::String(text))) => Ok(Some(text.into())),
            Some(Body::Json(_)) => Err(UsageError::new("the body is sent as it is: give it as bytes or as one text")),
        }
    }

    /// Returns whether any form field was set.
    pub fn has_form(&self) -> bool {
        !(self.texts.is_empty() && self.files.is_empty())
    }

    /// Takes a text field of the form.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not fit the type or is a file.
    pub fn take_form_text<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, UsageError> {
        self.requested.push((Place::Form, name));
        if self.files.iter().any(|(given, _)| given == name) {
            let message = format!("the form field `{name}` is a text: give it with --form {name}=TEXT, without `@`");
            return Err(UsageError::new(message));
        }
        let values = take(&mut self.texts, |given| given == name);
        Place::Form.read(name, values)
    }

    /// Takes a required text field of the form.
    ///
    /// # Errors
    ///
    /// Returns an error if the field is missing, does not fit the type, or is a file.
    pub fn take_required_form_text<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, UsageError> {
        self.take_form_text(name)?.ok_or_else(|| Place::Form.missing(name))
    }

    /// Takes a file field of the form.
    ///
    /// # Errors
    ///
    /// Returns an error if the field is repeated or is a text field.
    pub fn take_form_file(&mut self, name: &'static str) -> Result<Option<FilePart>, UsageError> {
        let mut files = self.take_form_files(name)?;
        let file = files.pop();
        if files.is_empty() {
            Ok(file)
        } else {
            Err(UsageError::new(format!("the form field `{name}` takes one file and is given more than once")))
        }
    }

    /// Takes a required file field of the form.
    ///
    /// # Errors
    ///
    /// Returns an error if the field is missing, repeated, or a text field.
    pub fn take_required_form_file(&mut self, name: &'static str) -> Result<FilePart, UsageError> {
        let missing =
            || UsageError::new(format!("the form field `{name}` is missing: give it with --form {name}=@FILE"));
        self.take_form_file(name)?.ok_or_else(missing)
    }

    /// Takes all files of a form field.
    ///
    /// # Errors
    ///
    /// Returns an error if one of the values is text.
    pub fn take_form_files(&mut self, name: &'static str) -> Result<Vec<FilePart>, UsageError> {
        self.requested.push((Place::Form, name));
        if self.texts.iter().any(|(given, _)| given == name) {
            let message = format!("the form field `{name}` is a file: give it with --form {name}=@FILE");
            return Err(UsageError::new(message));
        }
        let files = take(&mut self.files, |given| given == name);
        Ok(files.into_iter().map(FilePart::from_path).collect())
    }

    /// Takes all files of a form field, if there are any.
    ///
    /// # Errors
    ///
    /// Returns an error if one of the values is text.
    pub fn take_optional_form_files(&mut self, name: &'static str) -> Result<Option<Vec<FilePart>>, UsageError> {
        self.take_form_files(name).map(|files| Some(files).filter(|files| !files.is_empty()))
    }

    /// Consumes the remaining arguments. Headers that are left are sent as they are.
    ///
    /// # Errors
    ///
    /// Returns an error if an argument is left that the operation does not accept.
    pub fn finish(self) -> Result<(RequestOptions, Output), UsageError> {
        let form = self.texts.first().map(|(name, _)| name);
        let form = form.or(self.files.first().map(|(name, _)| name));
        let left = [
            (Place::Path, self.path.first().map(|(name, _)| name)),
            (Place::Query, self.query.first().map(|(name, _)| name)),
            (Place::Form, form),
        ];
        for (place, name) in left {
            if let Some(name) = name {
                return Err(self.unwanted(place, name));
            }
        }
        match self.body {
            None => {}
            Some(Body::Json(_)) => return Err(UsageError::new("the operation takes no JSON body")),
            Some(Body::Bytes(_)) => return Err(UsageError::new("the operation takes no body of bytes")),
        }
        let add = |options: RequestOptions, (name, value): (String, String)| options.header(name, value);
        let options = self.headers.into_iter().fold(RequestOptions::default(), add);
        Ok((options, self.output))
    }

    fn unwanted(&self, place: Place, name: &str) -> UsageError {
        let (term, _) = place.terms();
        let known = self.requested.iter().filter(|(requested, _)| *requested == place);
        let known: Vec<_> = known.map(|(_, name)| format!("`{name}`")).collect();
        let takes = match known.as_slice() {
            [] => format!("it takes no {term}"),
            names => format!("it takes {}", names.join(", ")),
        };
        UsageError::new(format!("the operation has no {term} `{name}`: {takes}"))
    }
}

impl fmt::Debug for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |pairs: &[(String, String)]| -> Vec<String> {
            pairs.iter().map(|(name, value)| format!("{:?}", Shown(name, value))).collect()
        };
        let body = if self.body.is_some() { "present" } else { "absent" };
        f.debug_struct("Arguments")
            .field("output", &self.output)
            .field("path", &self.path)
            .field("query", &shown(&self.query))
            .field("headers", &shown(&self.headers))
            .field("texts", &shown(&self.texts))
            .field("files", &self.files)
            .field("body", &body)
            .finish_non_exhaustive()
    }
}

/// Removes and returns the values whose names match, in order.
fn take<V>(pairs: &mut Vec<(String, V)>, wanted: impl Fn(&str) -> bool) -> Vec<V> {
    pairs.extract_if(.., |(name, _)| wanted(name)).map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    fn none() -> Arguments {
        Arguments::new(Output::Typed)
    }

    #[test]
    fn what_is_missing_is_named_with_the_option_that_gives_it() {
        let mut arguments =
            none().form_text("file", "a.pdf").form_file("note", "n.txt").path("id", "1").path("id", "2");
        let errors = [
            (arguments.take_path::<String>("runId").unwrap_err(), "`runId` is missing: give it with --path runId=…"),
            (arguments.take_path::<String>("id").unwrap_err(), "`id` is given more than once"),
            (arguments.take_required_query::<String>("q").unwrap_err(), "--query q=…"),
            (arguments.take_required_header::<String>("x-a").unwrap_err(), "--header x-a=…"),
            (arguments.take_body::<Value>().unwrap_err(), "--body JSON"),
            (arguments.take_required_form_text::<String>("kind").unwrap_err(), "--form kind=…"),
            (arguments.take_required_form_file("other").unwrap_err(), "--form other=@FILE"),
            (arguments.take_form_file("file").unwrap_err(), "is a file: give it with --form file=@FILE"),
            (arguments.take_form_text::<String>("note").unwrap_err(), "is a text: give it with --form note=TEXT"),
        ];
        for (error, part) in errors {
            assert!(error.to_string().contains(part), "{error} / {part}");
            assert_eq!(error.json_path(), None);
        }
    }

    #[test]
    fn what_nobody_took_is_an_error_except_headers() {
        let taken = || {
            let mut arguments = none().query("limit", "1").query("extra", "2");
            arguments.take_query::<u8>("limit").unwrap();
            arguments
        };
        for (arguments, message) in [
            (taken(), "the operation has no query parameter `extra`: it takes `limit`"),
            (none().path("id", "1"), "the operation has no path parameter `id`: it takes no path parameter"),
            (none().form_text("a", "1"), "the operation has no form field `a`: it takes no form field"),
            (none().form_file("f", "x"), "the operation has no form field `f`: it takes no form field"),
            (none().body(Value::Null), "the operation takes no JSON body"),
            (none().bytes("x"), "the operation takes no body of bytes"),
        ] {
            assert_eq!(arguments.finish().unwrap_err().to_string(), message);
        }
        let mut arguments = Arguments::new(Output::Raw).header("X-Kind", "7").header("x-trace", "t");
        assert_eq!(arguments.take_header::<u8>("x-kind").unwrap(), Some(7));
        let (options, output) = arguments.finish().unwrap();
        assert_eq!(options.header_pairs(), [("x-trace".to_owned(), "t".to_owned())]);
        assert_eq!(output, Output::Raw);
    }

    #[test]
    fn body_that_does_not_fit_names_the_place() {
        #[derive(Debug, Deserialize)]
        struct Body {
            #[serde(rename = "pages")]
            _pages: Vec<u8>,
        }
        let body = |text: &str| none().body(serde_json::from_str(text).unwrap());
        let error = body(r#"{"pages":[1,"x"]}"#).take_body::<Body>().unwrap_err();
        assert_eq!(error.json_path(), Some("pages[1]"));
        assert!(error.to_string().starts_with("the body does not fit: "), "{error}");
        let error = body("{}").take_optional_body::<Body>().unwrap_err();
        assert_eq!(error.json_path(), Some("$"));
        assert!(none().take_optional_body::<Body>().unwrap().is_none());
    }

    #[test]
    fn path_parameter_is_read_as_its_type() {
        let mut arguments = none().path("n", "7").path("s", "7").path("list", "a").path("list", "b").path("bad", "x");
        assert_eq!(arguments.take_path::<i64>("n").unwrap(), 7);
        assert_eq!(arguments.take_path::<String>("s").unwrap(), "7");
        assert_eq!(arguments.take_path::<Vec<String>>("list").unwrap(), ["a", "b"]);
        let error = arguments.take_path::<i64>("bad").unwrap_err().to_string();
        assert!(error.starts_with("the path parameter `bad` does not fit: "), "{error}");
    }

    #[test]
    fn body_that_is_sent_as_it_is_is_given_as_bytes_or_as_a_text() {
        assert_eq!(none().bytes(vec![0xff]).take_bytes().unwrap().as_ref(), [0xff]);
        assert_eq!(none().body(Value::String("x".into())).take_optional_bytes().unwrap().unwrap().as_ref(), b"x");
        assert!(none().take_optional_bytes().unwrap().is_none());
        for error in [
            none().body(Value::Bool(true)).take_bytes().unwrap_err(),
            none().take_bytes().unwrap_err(),
            none().bytes("{}").take_body::<Value>().unwrap_err(),
        ] {
            assert!(error.to_string().contains("bytes"), "{error}");
        }
    }

    #[test]
    fn files_of_a_form_may_be_left_out() {
        let mut arguments = none().form_file("file", "a.pdf");
        assert!(arguments.has_form());
        assert!(arguments.take_optional_form_files("other").unwrap().is_none());
        assert_eq!(arguments.take_optional_form_files("file").unwrap().unwrap().len(), 1);
        assert!(!arguments.has_form());
    }

    #[test]
    fn debug_shows_no_secrets_and_no_body() {
        let arguments = none()
            .header("Authorization", "Bearer sk_1")
            .form_text("password", "sk_2")
            .body(Value::String("sk_3".into()));
        let shown = format!("{arguments:?}");
        assert!(!shown.contains("sk_") && shown.contains("Authorization"), "{shown}");
    }
}
