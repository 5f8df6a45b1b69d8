//! Compares webhooks: events that came, went or are called otherwise, and what they deliver. Knows nothing of operations.

use std::collections::HashMap;

use serde_json::Value;

use crate::contract::{Contract, SchemaId, SchemaUse, WebhookFacts};

use super::aspect::{Plain, Subject, Whole};
use super::finding::{Finding, Key};
use super::level::{Ways, Wire};
use super::local::Context;
use super::operations::whole;
use super::pairs::{Pairs, Root, Site};

/// Compares the webhooks of two documents, and notes the pairs of what they deliver.
pub(super) fn compare_webhooks(pairs: &mut Pairs<'_, '_>, old: &Contract, new: &Contract) -> Vec<Finding> {
    let mut findings = Vec::new();
    let renamed = renamed_events(pairs.context);
    let find = |contract: &Contract, event: &str| contract.webhooks.iter().position(|webhook| webhook.event == event);
    let of = |aspect: Whole, event: &str| Finding {
        ways: Ways::WEBHOOK,
        keys: vec![Key::Webhook(event.to_owned())],
        ..whole(aspect, event, event)
    };
    let is_renamed = |webhook: &WebhookFacts| renamed.iter().any(|(one, _)| one.event == webhook.event);
    let gone = old.webhooks.iter().filter(|webhook| find(new, &webhook.event).is_none() && !is_renamed(webhook));
    for webhook in gone {
        let before = Value::from(webhook.event.clone());
        let goes = webhook.body.as_ref().map(|body| body.schema);
        let pointers = (Some(webhook.place.clone()), None);
        findings.push(Finding {
            before,
            goes,
            pointers,
            response: Wire::Risky,
            ..of(Whole::WebhookRemoved, &webhook.event)
        });
    }
    for webhook in &new.webhooks {
        let former = renamed.iter().find(|(_, other)| other.event == webhook.event).map(|(one, _)| *one);
        if let Some(former) = former {
            findings.push(rename(former, webhook, of(Whole::WebhookRenamed, &webhook.event)));
        }
        let known = find(old, &webhook.event).and_then(|index| old.webhooks.get(index));
        let Some(before) = known.or(former) else {
            let after = Value::from(webhook.event.clone());
            let comes = webhook.body.as_ref().map(|body| body.schema);
            let pointers = (None, Some(webhook.place.clone()));
            findings.push(Finding { after, comes, pointers, ..of(Whole::WebhookAdded, &webhook.event) });
            continue;
        };
        if before.description != webhook.description {
            let texts = (before.description.clone().into(), webhook.description.clone().into());
            let finding = of(Whole::WebhookDescriptionChanged, &webhook.event);
            findings.push(Finding { before: texts.0, after: texts.1, ..finding });
        }
        if let (Some(one), Some(other)) = (&before.body, &webhook.body) {
            let key = Key::Webhook(webhook.event.clone());
            let root = Root::new(&webhook.event, Subject::Body, Ways::WEBHOOK, key);
            pairs.add_root(one, other, root, Site { schema: None, path: "body".to_owned() });
        }
    }
    findings
}

fn rename(before: &WebhookFacts, after: &WebhookFacts, finding: Finding) -> Finding {
    Finding {
        before: before.event.clone().into(),
        after: after.event.clone().into(),
        keys: vec![Key::Webhook(before.event.clone()), Key::Webhook(after.event.clone())],
        pointers: (Some(before.place.clone()), Some(after.place.clone())),
        // Deliveries are read as an unknown event.
        response: Wire::Risky,
        detail: "it delivers the same".to_owned(),
        ..finding
    }
}

/// Returns events that are one under two names: the only two that deliver the same, apart from the name of the event in it.
fn renamed_events<'a>(context: &Context<'a>) -> Vec<(&'a WebhookFacts, &'a WebhookFacts)> {
    let (old, new) = (context.old.contract, context.new.contract);
    let only_in = |one: &'a Contract, other: &Contract| -> Vec<&'a WebhookFacts> {
        let is_known = |event: &str| other.webhooks.iter().any(|webhook| webhook.event == event);
        one.webhooks.iter().filter(|webhook| !is_known(&webhook.event)).collect()
    };
    let (gone, come) = (only_in(old, new), only_in(new, old));
    let candidates = |before: &WebhookFacts| -> Vec<&'a WebhookFacts> {
        come.iter().copied().filter(|after| delivers_the_same(context, before, after)).collect()
    };
    let mut found = Vec::new();
    for before in &gone {
        let candidates = candidates(before);
        if let [after] = candidates.as_slice()
            && gone.iter().filter(|other| delivers_the_same(context, other, after)).count() == 1
        {
            found.push((*before, *after));
        }
    }
    found
}

fn delivers_the_same(context: &Context<'_>, before: &WebhookFacts, after: &WebhookFacts) -> bool {
    let (Some(one), Some(other)) = (&before.body, &after.body) else { return false };
    let (old, new) = (context.old.contract, context.new.contract);
    let (one, other) = (old.schema(one.schema), new.schema(other.schema));
    if one.name.is_some() && one.name == other.name {
        return true;
    }
    let is_event = |contract: &Contract, part: &SchemaUse, event: &str| {
        let values = contract.schema(part.schema).values.as_ref();
        values.is_some_and(|values| values.list == [Value::from(event)])
    };
    let is_same = |(name, property): (&String, &crate::contract::PropertyFacts)| {
        other.properties.get(name).is_some_and(|counterpart| {
            let (part, other_part) = (&property.value, &counterpart.value);
            context.old.digests.of_use(part) == context.new.digests.of_use(other_part)
                || (is_event(old, part, &before.event) && is_event(new, other_part, &after.event))
        })
    };
    !one.properties.is_empty() && one.properties.len() == other.properties.len() && one.properties.iter().all(is_same)
}

/// Joins what only says that an event came, went or is called otherwise with the finding that says so: the member of a union of all
/// events that nothing else uses, and the string that names the event.
pub(super) fn join_members(findings: &mut Vec<Finding>) {
    let mut members: HashMap<(Plain, SchemaId), usize> = HashMap::new();
    let mut names: HashMap<(Value, Value), usize> = HashMap::new();
    for (index, finding) in findings.iter().enumerate() {
        let whole = finding.aspect.whole();
        if whole == Some(Whole::WebhookRenamed) {
            names.insert((finding.before.clone(), finding.after.clone()), index);
        }
        for (event, member, schema) in [
            (Whole::WebhookAdded, Plain::OneOfAdded, finding.comes),
            (Whole::WebhookRemoved, Plain::OneOfRemoved, finding.goes),
        ] {
            if let Some(schema) = schema.filter(|_| whole == Some(event)) {
                members.insert((member, schema), index);
            }
        }
    }
    let cause = |finding: &Finding| {
        let plain = finding.aspect.plain()?;
        if plain == Plain::ConstChanged {
            return names.get(&(finding.before.clone(), finding.after.clone())).copied();
        }
        let member = finding.comes.or(finding.goes).filter(|_| finding.operations.is_empty())?;
        members.get(&(plain, member)).copied()
    };
    let causes: Vec<Option<usize>> = findings.iter().map(cause).collect();
    for (index, cause) in causes.iter().enumerate().rev() {
        if let Some(cause) = *cause {
            let joined = findings.get(index).map(|finding| finding.keys.clone()).unwrap_or_default();
            if let Some(finding) = findings.get_mut(cause) {
                finding.keys.extend(joined);
            }
        }
    }
    let mut joined = causes.iter().map(Option::is_some);
    findings.retain(|_| !joined.next().unwrap_or(false));
}
