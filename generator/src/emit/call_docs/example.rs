//! The example of a method: the shortest call with everything that the API requires. It compiles as a doctest of the crate and is
//! not run.

use crate::model::{BodyForm, Role, Success};

use super::super::plan::{BodyPlan, Plan};
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
        let call = format!("client{group}.{}({})", self.operation.name.source(), arguments.join(", "));
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
        match (&self.operation.pages, &self.operation.success) {
            (Some(_), _) => format!(
                "let mut items = {call}.items(); while let Some(item) = items.next().await {{ println!(\"{{:?}}\", item?); }}"
            ),
            (None, _) if polls => format!("let run = {call}.wait().await?;"),
            (None, Success::Empty) => format!("{call}.await?;"),
            (
                None,
                Success::Json(_)
                | Success::Text
                | Success::Bytes
                | Success::Events(_)
                | Success::Lines(_)
                | Success::ByStatus(_),
            ) => format!("let response = {call}.await?;"),
        }
    }

    /// Arguments of the method, in its order.
    fn example_arguments(&self, values: &mut Values<'a>) -> Option<Vec<String>> {
        let owner = self.operation.group.as_ref().unwrap_or(&self.operation.name);
        let mut arguments = Vec::new();
        for parameter in self.required() {
            arguments.push(values.argument(&parameter.ty, owner.as_str(), &parameter.wire.0)?);
        }
        let Some(body) = &self.operation.body else { return Some(arguments) };
        let transport = match body.form {
            BodyForm::Multipart => Transport::Multipart,
            BodyForm::Json | BodyForm::UrlEncoded | BodyForm::Text(_) | BodyForm::Bytes(_) => Transport::Json,
        };
        match &self.body {
            BodyPlan::None | BodyPlan::Setter => {}
            BodyPlan::Spread(structure) => {
                arguments.extend(values.constructor(structure, owner.as_str(), transport)?)
            }
            BodyPlan::Argument => arguments.push(match body.form {
                BodyForm::Bytes(_) => "\"content\"".to_owned(),
                BodyForm::Json | BodyForm::Multipart | BodyForm::UrlEncoded | BodyForm::Text(_) => {
                    values.body(&body.ty, transport)?
                }
            }),
        }
        Some(arguments)
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
