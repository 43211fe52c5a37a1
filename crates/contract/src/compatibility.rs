//! The table that says which operations this server carries out.

use std::fmt::Write as _;

use crate::operations::{Group, OPERATIONS, Operation, Scope, Scopes};

/// The text of `COMPATIBILITY.md`, in Markdown, for a server that carries out the operations with these ids.
///
/// Ids that no operation has are passed over.
pub fn table(implemented: &[&str]) -> String {
    let done = |operation: &Operation| implemented.contains(&operation.id);
    let count = |later: bool| OPERATIONS.iter().filter(|one| one.since.is_some() == later && done(one)).count();
    let mut text = intro(count(false), count(true));
    for group in Group::ALL {
        let of_group: Vec<_> = OPERATIONS.iter().filter(|operation| operation.group == *group).collect();
        let done_of_group = of_group.iter().filter(|operation| done(operation)).count();
        // Writing to a string cannot fail.
        _ = write!(
            text,
            "\n## {}\n\n{} {done_of_group} of {} done.\n\n| operation | method | path | scopes | state |\n|---|---|---|---|---|\n",
            group.name(),
            group.description(),
            of_group.len(),
        );
        for operation in of_group {
            _ = writeln!(
                text,
                "| {} | {} | `{}` | {} | {} |",
                operation.id,
                operation.method,
                operation.path,
                scopes(operation.scopes),
                match (done(operation), operation.since) {
                    (true, None) => "done",
                    (true, Some(_)) => "done; of a later version",
                    (false, _) => "answers 501",
                },
            );
        }
    }
    text
}

fn intro(done: usize, later: usize) -> String {
    let all = OPERATIONS.iter().filter(|operation| operation.since.is_none()).count();
    format!(
        "# Compatibility\n\n\
         Gymkeeper speaks the Open API of PerfectGym Next, version 1.13.2, which Magicline shares. This table says how far it \
         has come. It is made from the source by `cargo xtask`; do not edit it by hand.\n\n\
         Gymkeeper is an independent work. It is not affiliated with PerfectGym, Magicline or Sport Alliance, nor endorsed by \
         them; the names are theirs and are used only to say what it is compatible with.\n\n\
         *Done* means that the operation is carried out by the rules of a gym, not only that it answers. *Answers 501* means \
         that the path is known and the request is refused with the error code \
         `errormessage.operation.not.implemented`.\n\n\
         **{done} of {all} operations are done, {} answer 501.** Of later versions, {later} are done besides.\n",
        all - done
    )
}

fn scopes(scopes: Scopes) -> String {
    let join = |scopes: &[Scope], word: &str| {
        let names: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
        names.join(word)
    };
    match scopes {
        Scopes::None => "any valid key".to_owned(),
        Scopes::All(scopes) => join(scopes, " and "),
        Scopes::Any(scopes) => join(scopes, " or "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_row() {
        let text = table(&["getUtilization", "getBenefits", "nothing"]);
        assert!(text.contains("**2 of 139 operations are done, 137 answer 501.**"));
        assert!(text.contains("| getUtilization | GET | `/v1/studios/utilization` | STUDIO_READ | done |\n"));
        assert!(text.contains("| CUSTOMER_BENEFIT_READ or CUSTOMER_READ | done |\n"));
        assert!(text.contains(
            "| confirmActivation | POST | `/v1/studios/confirmActivation` | any valid key | answers 501 |\n"
        ));
        assert_eq!(text.lines().filter(|line| line.ends_with("| done |")).count(), 2);
        // 137 of this version, and those of later ones.
        let later = OPERATIONS.iter().filter(|operation| operation.since.is_some()).count();
        assert_eq!(text.lines().filter(|line| line.ends_with("| answers 501 |")).count(), 137 + later);
        assert_eq!(text.lines().filter(|line| line.starts_with("## ")).count(), 19);
        assert!(text.contains("1 of 5 done."));
    }
}
