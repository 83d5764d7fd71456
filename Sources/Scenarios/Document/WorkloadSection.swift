import Chronology
import KubernetesAPI
import VirtualTime
import Workloads

/// Reads `workloads` and `images`: what containers really do.
extension ScenarioReading {
    /// The kinds that can stand at the top of an ownership chain.
    private static let ownerKinds = [
        "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController", "Pod",
    ]

    func workload(_ reader: FieldReader) -> WorkloadRule? {
        let match = reader.object("match") { workloadMatch($0) }
        rulePlaces.append(
            (reader.path.field("match"), reader.value("match") ?? ManifestTree(.null, at: reader.position)))
        var rule = WorkloadRule(match ?? WorkloadRule.Match())
        rule.runTime = reader.read("runTime") { length($0, path: $1) }
        rule.startDelay = reader.read("startDelay") { distribution($0, path: $1) }
        rule.readyAfter = reader.read("readyAfter") { length($0, path: $1) }
        rule.termination = reader.read("terminationTime") { distribution($0, path: $1) }
            .map { Behavior.Termination(time: $0) }
        let exitCode = reader.int64("exitCode", in: 0...255)
        let failure = reader.read("failureProbability") { share($0, path: $1, whole: 1_000_000_000) }
        let failureExitCode = reader.int64("failureExitCode", in: 1...255)
        let failingRuns = reader.int64("failingRuns", in: 0...1_000_000)
        let failureAfter = reader.read("failureAfter") { distribution($0, path: $1) }
        if exitCode != nil || failure != nil || failureExitCode != nil || failingRuns != nil || failureAfter != nil {
            rule.outcome = Behavior.Outcome(
                exitCode: Int32(exitCode ?? 0), failureProbability: Double(failure ?? 0) / 1e9,
                failureExitCode: Int32(failureExitCode ?? 1), failingRuns: Int32(failingRuns ?? 0),
                failureAfter: failureAfter)
        }
        readTroubles(of: &rule, reader)
        reader.object("usage") { usage in
            rule.usage.cpu = usage.read("cpu") { self.usage($0, of: .cpu, path: $1) }
            rule.usage.memory = usage.read("memory") { tree, path in
                self.usage(tree, of: .memory, path: path) { rule.usage.memoryLeak = self.growth("leak", $0) }
            }
            rule.usage.disk = usage.read("ephemeralStorage") { diskUsage($0, path: $1) }
        }
        rule.checkpoint = reader.object("checkpoint") { checkpoint($0) }.flatMap { $0 }
        let says =
            [
                "runTime", "startDelay", "readyAfter", "terminationTime", "exitCode", "failureProbability",
                "failureExitCode", "failingRuns", "failureAfter", "usage", "checkpoint",
            ] + Self.troubles
        if !says.contains(where: reader.has) {
            decoding.error(
                "the rule says nothing about its containers", path: reader.path, at: reader.position,
                expected: "one of \(says.joined(separator: ", "))")
        }
        return rule
    }

    func workloadMatch(_ reader: FieldReader) -> WorkloadRule.Match {
        let kind = reader.string("kind")
        if let kind, !Self.ownerKinds.contains(kind) {
            reader.error(
                "kind", "\"\(ManifestTree.shortened(kind))\" owns no pods",
                expected: "one of \(Self.ownerKinds.joined(separator: ", "))",
                nearest: NearestName.of(kind, among: Self.ownerKinds))
        }
        return WorkloadRule.Match(
            kind: kind, namespace: reader.string("namespace"), name: reader.string("name"),
            labels: reader.optionalStringMap("labels").map { LabelSelector(matchLabels: $0) },
            container: reader.string("container"))
    }
}
