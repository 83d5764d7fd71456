import KubernetesAPI
import VirtualTime
import Workloads

/// Reads of a rule in `workloads` what the probes of its containers find, and how long their hooks take.
extension ScenarioReading {
    /// The fields, in the order in which messages list them.
    static let troubles = [
        "hangsAfter", "livenessFailsAfter", "unreadyAfter", "unreadyFor", "postStartTime",
        "postStartFailureProbability", "preStopTime",
    ]

    func readTroubles(of rule: inout WorkloadRule, _ reader: FieldReader) {
        rule.hangsAfter = reader.read("hangsAfter") { length($0, path: $1) }
        rule.livenessFailsAfter = reader.read("livenessFailsAfter") { length($0, path: $1) }
        let after = reader.read("unreadyAfter") { distribution($0, path: $1) }
        let lasts = reader.read("unreadyFor") { length($0, path: $1) }
        if reader.has("unreadyFor"), !reader.has("unreadyAfter") {
            reader.error("unreadyAfter", "it is not said when the container becomes unready", expected: "unreadyAfter")
        } else if reader.has("unreadyAfter"), !reader.has("unreadyFor") {
            reader.error(
                "unreadyFor", "it is not said how long the container is unready",
                expected: "a length of time such as 30s, or never for one that does not end")
        }
        if let after, let lasts { rule.unready = Behavior.Unreadiness(after: after, lasts: lasts) }
        rule.postStartTime = reader.read("postStartTime") { distribution($0, path: $1) }
        rule.postStartFailure = reader.read("postStartFailureProbability") { share($0, path: $1, whole: 1_000_000_000) }
            .map { Double($0) / 1e9 }
        rule.preStopTime = reader.read("preStopTime") { distribution($0, path: $1) }
    }
}
