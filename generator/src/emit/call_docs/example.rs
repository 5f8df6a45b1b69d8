//! The example of a method: the shortest call with everything that the API requires. It compiles as a doctest of the crate and is
//! not run.

use crate::ir::{Argument, BodyForm, Lifecycle, Property, Response, Role, Target};

use super::super::doc;
use super::super::plan::Plan;
use super::super::structs::Transport;
use super::values::Values;

/// A longer example would hide the call.
const MOST_LINES: usize = 24;

impl<'a> Plan<'a> {
    /// The example as a block of code; empty when no value can be made for some argument, or the example would be long.
    pub(super) fn example(&self) -> Vec<String> {
        let mut values = Values::new(self.input);
        let Some(arguments) = self.example_arguments(&mut values) else { return Vec::new() };
        let group = self.operation.group.as_ref().map_or_else(String::new, |group| format!(".{}()", group.source()));
        let setters = self.example_setters(&mut values).concat();
        let call = format!("client{group}.{}({}){setters}", self.operation.name.source(), arguments.join(", "));
        let Some(statements) = format_statements(&self.statements(&call)) else { return Vec::new() };
        if statements.len() > MOST_LINES {
            return Vec::new();
        }
        let library = self.input.library;
        let mut lines = vec!["```no_run".to_owned()];
        lines.extend(self.input.recursion_limit.map(|limit| format!("# #![recursion_limit = \"{limit}\"]")));
        lines.extend(values.imports(library));
        lines.push(format!("# async fn example(client: {library}::Client) -> Result<(), {library}::Error> {{"));
        lines.extend(statements);
        lines.push("# Ok(())".to_owned());
        lines.push("# }".to_owned());
        lines.push("```".to_owned());
        lines
    }

    /// What is done with the call.
    fn statements(&self, call: &str) -> String {
        let polls = matches!(self.operation.role, Some(Role::Start(_)));
        match (&self.operation.pagination, &self.operation.response) {
            (Some(_), _) => format!(
                "let mut items = {call}.items(); while let Some(item) = items.next().await {{ let item = item?; println!(\"{{item:?}}\"); }}"
            ),
            (None, _) if polls => format!("let run = {call}.wait().await?;"),
            (None, Response::Empty) => format!("{call}.await?;"),
            (
                None,
                Response::Json(_)
                | Response::Text
                | Response::Bytes
                | Response::Events(_)
                | Response::Lines(_)
                | Response::ByStatus(_),
            ) => format!("let response = {call}.await?;"),
        }
    }

    /// What IDs and names in the example are about.
    fn example_owner(&self) -> String {
        let group = self.operation.group.as_ref().unwrap_or(&self.operation.name);
        doc::singular(group.as_str())
    }

    /// Calls of setters: those that the profile names, else one where a call without any would change nothing.
    fn example_setters(&self, values: &mut Values<'a>) -> Vec<String> {
        let Some(body) = &self.operation.body else { return Vec::new() };
        let owner = self.example_owner();
        let properties: Vec<(&Argument, &'a Property)> = self
            .call
            .setters
            .iter()
            .filter_map(|setter| match setter.target {
                Target::Property(index) => Some((setter, self.property(index)?)),
                Target::Parameter(_) | Target::Body => None,
            })
            .collect();
        let mut set = |(setter, field): &(&Argument, &'a Property)| {
            let value = values.setter(field, &owner, transport(&body.form))?;
            Some(format!(".{}({value})", setter.name.source()))
        };
        let sets_body = |argument: &Argument| !matches!(argument.target, Target::Parameter(_));
        match self.input.profile.examples.get(&self.operation.id()) {
            Some(named) => {
                let found = named.iter().filter_map(|name| properties.iter().find(|(_, field)| field.wire.0 == *name));
                found.filter_map(set).collect()
            }
            None if self.call.arguments.iter().any(sets_body) => Vec::new(),
            None => {
                let mut current = properties.iter().filter(|(_, field)| field.lifecycle == Lifecycle::Current);
                current.find_map(&mut set).into_iter().collect()
            }
        }
    }

    /// Arguments of the method, in its order.
    fn example_arguments(&self, values: &mut Values<'a>) -> Option<Vec<String>> {
        let owner = self.example_owner();
        let arguments = self.call.arguments.iter().map(|argument| match argument.target {
            Target::Parameter(index) => {
                let parameter = self.operation.parameters.get(index)?;
                values.argument(&parameter.ty, &owner, &parameter.wire.0)
            }
            Target::Property(index) => {
                let body = self.operation.body.as_ref()?;
                values.field(self.property(index)?, &owner, transport(&body.form))
            }
            Target::Body => {
                let body = self.operation.body.as_ref()?;
                match body.form {
                    BodyForm::Bytes(_) => Some("\"content\"".to_owned()),
                    BodyForm::Json | BodyForm::Multipart | BodyForm::UrlEncoded | BodyForm::Text(_) => {
                        values.body(&body.ty, transport(&body.form))
                    }
                }
            }
        });
        arguments.collect()
    }
}

fn transport(form: &BodyForm) -> Transport {
    match form {
        BodyForm::Multipart => Transport::Multipart,
        BodyForm::Json | BodyForm::UrlEncoded | BodyForm::Text(_) | BodyForm::Bytes(_) => Transport::Json,
    }
}

/// Statements as lines, laid out as all emitted code.
fn format_statements(statements: &str) -> Option<Vec<String>> {
    let file: syn::File = syn::parse_str(&format!("async fn example() {{ {statements} }}")).ok()?;
    let text = prettyplease::unparse(&file);
    let lines: Vec<&str> = text.lines().collect();
    let body = lines.get(1..lines.len().checked_sub(1)?)?;
    Some(body.iter().map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned()).collect())
}
