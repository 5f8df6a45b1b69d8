//! Which operations start runs and which return their state: detected by status and path, corrected by the profile.
//!
//! It must not know how polling is performed.

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::{
    Batch, Body, Kind, Location, Operation, Parameter, Presence, PropertyPath, Response, Role, RunProperty, RunStart,
    RunState, Type, TypeId, Types, Width,
};
use crate::method::Method;
use crate::names::{RustIdent, WireName};
use crate::pointer::Pointer;
use crate::profile::{BatchRule, PollingPolicy, RunRule};

use super::property_path::find_property;

/// Finds the operations that can be polled.
pub(super) fn find_polling(operations: &mut [Operation], types: &Types, policy: &PollingPolicy) -> Report {
    if policy.pending.is_empty() {
        return Report::default();
    }
    let mut finder = Finder { types, policy, report: Report::default() };
    for rule in &policy.runs {
        finder.rule(operations, rule);
    }
    for rule in &policy.batches {
        finder.batch(operations, rule);
    }
    for place in 0..operations.len() {
        finder.pair(operations, place);
    }
    name_started(operations);
    finder.report
}

/// Finds where responses hold the ID of a run: for calls that start a run, and for calls other than `GET` that return
/// one, such as those that wait for its end.
fn name_started(operations: &mut [Operation]) {
    let polled = |operation: &Operation| match &operation.role {
        Some(Role::State(state)) => match &state.response_id {
            Some(RunProperty::Direct(id)) => Some((response_type(operation).ok()?.clone(), id.clone())),
            Some(RunProperty::OfVariants { .. }) | None => None,
        },
        Some(Role::Start(_) | Role::Batch(_)) | None => None,
    };
    let runs: Vec<(Type, PropertyPath)> = operations.iter().filter_map(polled).collect();
    for operation in operations.iter_mut().filter(|operation| operation.method != Method::Get) {
        operation.started = match &operation.role {
            Some(Role::Start(start)) => Some(start.id.clone()),
            Some(Role::State(_) | Role::Batch(_)) | None => {
                let run = response_type(operation).ok().and_then(|ty| runs.iter().find(|(run, _)| run == ty));
                run.map(|(_, id)| id.clone())
            }
        };
    }
}

struct Finder<'a> {
    types: &'a Types,
    policy: &'a PollingPolicy,
    report: Report,
}

impl Finder<'_> {
    /// Finds the operations that a rule of the profile names.
    fn rule(&mut self, operations: &mut [Operation], rule: &RunRule) {
        let place = match self.run_state(operations, &rule.state, rule.within.as_deref()) {
            Ok((place, state)) => {
                operations[place].role = Some(Role::State(state));
                place
            }
            Err(problem) => return self.unused("runs", &rule.state, &problem),
        };
        for key in &rule.starts {
            match self.started(operations, key, rule.within.as_deref(), place) {
                Ok((start, role)) => operations[start].role = Some(role),
                Err(problem) => self.unused("runs", key, &problem),
            }
        }
    }

    fn run_state(
        &self,
        operations: &[Operation],
        key: &str,
        within: Option<&str>,
    ) -> Result<(usize, RunState), String> {
        let place = find(operations, key)?;
        let id = only_argument(self.types, &operations[place]).ok_or("it takes more than the ID of a run")?;
        let response = response_type(&operations[place])?;
        let (status, end_statuses) = self.status_of_run(response, within)?;
        let response_id = self.id_of_run(response, within);
        let attach = RustIdent::snake("attach");
        Ok((place, RunState { id, response_id, status, end_statuses, attach }))
    }

    fn started(
        &self,
        operations: &[Operation],
        key: &str,
        within: Option<&str>,
        polled_by: usize,
    ) -> Result<(usize, Role), String> {
        let place = find(operations, key)?;
        let response = response_type(&operations[place])?;
        // The response is the run itself, or an envelope like that of its state.
        let id = self.string(response, &inside(within, &self.policy.id));
        let id = id.or_else(|problem| self.string(response, &self.policy.id).map_err(|_| problem))?;
        Ok((place, Role::Start(RunStart { id, polled_by, inputs: None })))
    }

    /// Finds a batch and the list of its runs.
    fn batch(&mut self, operations: &mut [Operation], rule: &BatchRule) {
        let found = self.batch_parts(operations, rule);
        match found {
            Ok((start, list, run_start, members)) => {
                operations[list].role = Some(Role::Batch(members));
                operations[start].role = Some(Role::Start(run_start));
            }
            Err(problem) => self.unused("batches", &rule.start, &problem),
        }
    }

    fn batch_parts(
        &self,
        operations: &[Operation],
        rule: &BatchRule,
    ) -> Result<(usize, usize, RunStart, Batch), String> {
        let (start, list) = (find(operations, &rule.start)?, find(operations, &rule.list)?);
        let id = self.string(response_type(&operations[start])?, &rule.id)?;
        let inputs = self.inputs(operations[start].body.as_ref(), &rule.inputs)?;
        let members = &operations[list];
        let pages = members.pagination.as_ref().ok_or("its list is not paginated")?;
        if members.parameters.iter().any(|parameter| parameter.presence == Presence::Required) {
            return Err("its list takes more than filters".to_owned());
        }
        let filter = self.filter(members, &rule.filter, |ty| *ty == Type::String)?;
        let size = rule.page_size.as_ref().map(|size| {
            let integer = |ty: &Type| {
                matches!(ty, Type::Integer(Width::I64 | Width::I32 | Width::U32 | Width::U64 | Width::I128))
            };
            Ok::<_, String>((self.filter(members, &size.parameter, integer)?, size.value))
        });
        let page_size = size.transpose()?;
        let (status, end_statuses) = self.status(&pages.item, &self.policy.status)?;
        // `create_batch` is accompanied by `attach_batch`.
        let name = operations[start].name.as_str();
        let attach = RustIdent::snake(&format!("attach_{}", name.strip_prefix("create_").unwrap_or(name)));
        let start_role = RunStart { id, polled_by: list, inputs: Some(inputs) };
        Ok((start, list, start_role, Batch { filter, page_size, status, end_statuses, attach }))
    }

    fn inputs(&self, body: Option<&Body>, path: &str) -> Result<PropertyPath, String> {
        let body = body.filter(|body| body.presence == Presence::Required).ok_or("it can go without a body")?;
        let (way, ty) = find_property(self.types, &body.ty, path).ok_or_else(|| format!("its body has no `{path}`"))?;
        let is_list = matches!(self.types.resolve(ty), Type::List(_));
        if is_list && way.is_certain() { Ok(way) } else { Err(format!("`{path}` of its body may not be a list")) }
    }

    fn filter(&self, list: &Operation, name: &str, fits: impl Fn(&Type) -> bool) -> Result<RustIdent, String> {
        let named = |parameter: &&Parameter| parameter.location == Location::Query && parameter.wire.0 == name;
        let parameter = list.parameters.iter().find(named);
        let parameter = parameter.filter(|parameter| fits(self.types.resolve(&parameter.ty)));
        parameter.map(|parameter| parameter.name.clone()).ok_or_else(|| format!("its list takes no such `{name}`"))
    }

    /// Determines whether an operation returns the state of a run, and which operation starts the run.
    fn pair(&mut self, operations: &mut [Operation], place: usize) {
        let operation = &operations[place];
        if operation.role.is_some() || operation.method != Method::Get {
            return;
        }
        let Some((collection, _)) = operation.path.rsplit_once("/{").filter(|(_, last)| last.ends_with('}')) else {
            return;
        };
        let start_key = format!("POST {collection}");
        let Ok(response) = response_type(operation) else { return };
        if !self.goes_on(response) {
            return;
        }
        let key = operation.key();
        let Ok((_, state)) = self.run_state(operations, &key, None) else { return };
        operations[place].role = Some(Role::State(state));
        if let Ok((start, role)) = self.started(operations, &start_key, None, place) {
            operations[start].role.get_or_insert(role);
        }
    }

    /// Returns whether a type has an ID and a status that can mean that the run is in progress.
    fn goes_on(&self, response: &Type) -> bool {
        let status = self
            .types
            .structure(response)
            .and_then(|object| object.fields.iter().find(|field| field.wire.0 == self.policy.status))
            .map(|field| self.types.resolve(&field.ty));
        let Some(Type::Named(id)) = status else { return false };
        let Kind::Enumeration(known) = &self.types.get(*id).kind else { return false };
        self.string(response, &self.policy.id).is_ok()
            && known.values.iter().any(|value| self.policy.pending.contains(&value.wire))
    }

    /// Finds the path of a string that is always present.
    fn string(&self, ty: &Type, path: &str) -> Result<PropertyPath, String> {
        self.certain(ty, path, |ty| *ty == Type::String).map(|(path, _)| path)
    }

    /// Finds the path of a status that is always present, and its listed values that are not pending.
    fn status(&self, ty: &Type, path: &str) -> Result<(PropertyPath, Vec<String>), String> {
        let enumeration = |ty: &Type| match &self.types.get(ty.named()?).kind {
            Kind::Enumeration(enumeration) => Some(enumeration),
            Kind::Struct(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
        };
        let (path, found) = self.certain(ty, path, |ty| *ty == Type::String || enumeration(ty).is_some())?;
        let listed = enumeration(found).into_iter().flat_map(|enumeration| &enumeration.values);
        let ends = listed.map(|value| &value.wire).filter(|wire| !self.policy.pending.contains(wire));
        Ok((path, ends.cloned().collect()))
    }

    /// Finds the ID of a run, which may be a union.
    fn id_of_run(&self, response: &Type, within: Option<&str>) -> Option<RunProperty> {
        if let Ok(path) = self.string(response, &inside(within, &self.policy.id)) {
            return Some(RunProperty::Direct(path));
        }
        let (union, id, types) = self.union_of_run(response, within)?;
        let variants = types.iter().map(|ty| self.string(ty, &self.policy.id)).collect::<Result<_, _>>().ok()?;
        Some(RunProperty::OfVariants { union, id, variants, wire: WireName(self.policy.id.clone()) })
    }

    /// Finds the status of a run, which may be a union, and its listed values that are not pending.
    fn status_of_run(&self, response: &Type, within: Option<&str>) -> Result<(RunProperty, Vec<String>), String> {
        let problem = match self.status(response, &inside(within, &self.policy.status)) {
            Ok((path, ends)) => return Ok((RunProperty::Direct(path), ends)),
            Err(problem) => problem,
        };
        let (union, id, types) = self.union_of_run(response, within).ok_or(problem)?;
        let (mut variants, mut ends) = (Vec::new(), Vec::new());
        for ty in types {
            let (path, listed) = self.status(ty, &self.policy.status)?;
            variants.push(path);
            ends.extend(listed.into_iter().filter(|status| !ends.contains(status)).collect::<Vec<_>>());
        }
        Ok((RunProperty::OfVariants { union, id, variants, wire: WireName(self.policy.status.clone()) }, ends))
    }

    /// Returns where a response has a run that is a union, and the types of its variants.
    fn union_of_run<'t>(
        &'t self,
        response: &'t Type,
        within: Option<&str>,
    ) -> Option<(PropertyPath, TypeId, Vec<&'t Type>)> {
        let (way, ty) = match within {
            Some(path) => find_property(self.types, response, path).filter(|(way, _)| way.is_certain())?,
            None => (PropertyPath::default(), response),
        };
        let id = self.types.resolve(ty).named()?;
        match &self.types.get(id).kind {
            Kind::Union(union) => Some((way, id, union.variants.iter().map(|variant| &variant.ty).collect())),
            Kind::Struct(_) | Kind::Enumeration(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
        }
    }

    fn certain<'t>(
        &'t self,
        ty: &'t Type,
        path: &str,
        fits: impl Fn(&Type) -> bool,
    ) -> Result<(PropertyPath, &'t Type), String> {
        let (way, found) =
            find_property(self.types, ty, path).ok_or_else(|| format!("its response has no `{path}`"))?;
        let found = self.types.resolve(found);
        if way.is_certain() && fits(found) {
            Ok((way, found))
        } else {
            Err(format!("`{path}` of its response may not be a string"))
        }
    }

    fn unused(&mut self, table: &str, operation: &str, problem: &str) {
        let place = Pointer::root().join("polling").join(table);
        self.report.push(
            Diagnostic::new(Code::ProfileUnused, place, format!("`{operation}`: {problem}"))
                .in_source("profile.toml")
                .expected("operations that start a run and return its status")
                .help("correct the entry, or delete it"),
        );
    }
}

fn find(operations: &[Operation], key: &str) -> Result<usize, String> {
    operations.iter().position(|operation| operation.key() == key).ok_or_else(|| format!("there is no `{key}`"))
}

fn response_type(operation: &Operation) -> Result<&Type, String> {
    match &operation.response {
        Response::Json(ty) => Ok(ty),
        Response::Text
        | Response::Bytes
        | Response::Empty
        | Response::Events(_)
        | Response::Lines(_)
        | Response::ByStatus(_) => Err("its response is not JSON".to_owned()),
    }
}

/// Returns the only argument of an operation, if it is a string in its path.
fn only_argument(types: &Types, operation: &Operation) -> Option<RustIdent> {
    let mut required = operation.parameters.iter().filter(|parameter| parameter.presence == Presence::Required);
    let parameter = required.next()?;
    let is_text = parameter.location == Location::Path && *types.resolve(&parameter.ty) == Type::String;
    (is_text && required.next().is_none() && operation.body.is_none()).then(|| parameter.name.clone())
}

fn inside(within: Option<&str>, name: &str) -> String {
    within.map_or_else(|| name.to_owned(), |within| format!("{within}.{name}"))
}
