import Conformance
import Foundation
import Testing

@Suite struct ControllerGoldenTests {
    /// The items of each family that must be repeated at least.
    private static let least = [
        "deployment": 569, "replicaset": 189, "pdb": 214, "gc": 143, "node": 206, "job": 419, "quota": 82,
        "statefulset": 209, "daemonset": 184, "cronjob": 44,
    ]

    @Test("the recorded traces of the real controllers are repeated")
    func golden() {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appendingPathComponent("../shared/golden/controllers").path
        guard FileManager.default.fileExists(atPath: folder) else {
            print("skipped: there are no recorded traces here")
            return
        }
        let report = ControllerConformance.run(folder: folder)
        #expect(report.problems.isEmpty, "\(report.problems.prefix(5))")
        for (name, least) in Self.least {
            let family = report.families.first { $0.name == name }
            #expect((family?.agreeing ?? 0) >= least, "\(name): \(family?.agreeing ?? 0) items agree, not \(least)")
        }
        #expect(report.lines().last == "\(report.agreeing) of \(report.decisions) items agree")
    }

    @Test("a missing folder is said to be empty")
    func missing() {
        let report = ControllerConformance.run(folder: "/nowhere")
        #expect(report.lines() == ["/nowhere: there are no cases", "0 of 0 items agree"])
    }

    /// A replica set of two pods of which one is deleted by hand; `replicas` is what is said to be recorded.
    private static func example(replicas: Int, ready: String) -> String {
        """
        {"input": {"name": "own", "family": "replicaset", "nodes": ["n1"], "objects": [
          {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "rs"},
           "spec": {"replicas": 2, "selector": {"matchLabels": {"a": "b"}},
            "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}}],
          "kubelet": {"gapSeconds": 0.3, "rules": []},
          "script": [{"after": "settled", "action": "delete", "kind": "Pod", "name": "rs-<pod1>"},
           {"after": "settled", "action": "scale", "kind": "ReplicaSet", "name": "nothing", "replicas": 1}]},
         "expected": [
          {"id": "replicasets", "compare": "sequence", "value": ["ReplicaSet rs created replicas=\(replicas) revision=None"]},
          {"id": "pods", "compare": "set", "value": ["Pod rs-<pod1> created", "Pod rs-<pod2> created",
           "Pod rs-<pod1> ready", "Pod rs-<pod2> ready", "Pod rs-<pod1> deleting", "Pod rs-<pod1> gone",
           "Pod rs-<pod3> created", "Pod rs-<pod3> ready"]},
          {"id": "script", "compare": "sequence", "value": [{"step": "delete Pod rs-<pod1>", "code": 200},
           {"step": "scale ReplicaSet nothing", "code": 404, "reason": "NotFound",
            "message": "replicasets.apps \\"nothing\\" not found"}]},
          {"id": "bounds", "compare": "bounds", "value": {"rs/maxActivePods": [2, 2], "rs/podsCreatedInTotal": [3, 3]}},
          {"id": "timeline", "compare": "bounds", "value": [
           {"step": 0, "line": "Pod rs-<pod1> ready", "min": \(ready), "max": \(ready)},
           {"step": 1, "line": "Pod rs-<pod3> ready", "min": 1.2, "max": 1.4}]},
          {"id": "events", "compare": "set", "partial": true, "value": [
           "ReplicaSet rs Normal SuccessfulCreate: Created pod: rs-<pod3>"]},
          {"id": "final/ReplicaSet rs", "compare": "final", "value": {"specReplicas": 2, "image": "i",
           "status": {"replicas": 2, "fullyLabeledReplicas": 2, "readyReplicas": 2, "availableReplicas": 2,
            "observedGeneration": 1, "terminatingReplicas": 0}}}]}
        """
    }

    @Test("a case of our own agrees")
    func own() {
        let report = ControllerConformance.run(text: Self.example(replicas: 2, ready: "1.2"), name: "replicaset")
        #expect(report.lines(verbose: 9).last == "7 of 7 items agree", "\(report.lines(verbose: 9))")
    }

    @Test("wrong records are found out")
    func wrong() {
        let report = ControllerConformance.run(text: Self.example(replicas: 3, ready: "4.0"), name: "replicaset")
        #expect(report.lines().last == "5 of 7 items agree", "\(report.lines(verbose: 9))")
        #expect(report.mismatches.map(\.pod) == ["replicasets", "timeline"])
    }
}
