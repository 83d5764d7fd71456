import Conformance
import Foundation
import Testing

@Suite struct GoldenTests {
    /// Families of which every decision must be repeated.
    private static let complete = ["affinity", "images", "interpod", "ports", "preemption", "resources", "taints"]

    @Test("the recorded decisions of the real scheduler are repeated")
    func golden() {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appendingPathComponent("../shared/golden/scheduler").path
        guard FileManager.default.fileExists(atPath: folder) else {
            print("skipped: there are no recorded decisions here")
            return
        }
        let report = SchedulerConformance.run(folder: folder)
        #expect(report.problems.isEmpty, "\(report.problems.prefix(5))")
        for family in report.families where Self.complete.contains(family.name) {
            #expect(family.decisions > 0)
            #expect(family.agreeing == family.decisions, "\(family.name): \(report.lines(verbose: 1))")
        }
        #expect(report.lines().last == "\(report.agreeing) of \(report.decisions) decisions agree")
    }

    @Test("a missing folder is said to be empty")
    func missing() {
        let report = SchedulerConformance.run(folder: "/nowhere")
        #expect(report.lines() == ["/nowhere: there are no cases", "0 of 0 decisions agree"])
    }

    /// Two nodes, of which one is tainted; a pod that fits, one that is too large, and one that is gated.
    private static func example(decision: String, score: Int) -> String {
        """
        {"name": "own-1", "settings": {"percentageOfNodesToScore": 100}, "input": {
         "nodes": [
          {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "b"}, "spec": {},
           "status": {"allocatable": {"cpu": "4", "memory": "8Gi", "pods": "10"}}},
          {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "c"}, "spec": {},
           "status": {"allocatable": {"cpu": "2", "memory": "8Gi", "pods": "10"}}},
          {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"},
           "spec": {"taints": [{"key": "k", "effect": "NoSchedule"}]},
           "status": {"allocatable": {"cpu": "64", "memory": "64Gi", "pods": "10"}}}],
         "objects": [],
         "pods": [
          {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one", "namespace": "default"},
           "spec": {"containers": [{"name": "m", "image": "i", "resources": {"requests": {"cpu": "1", "memory": "2Gi"}}}]}},
          {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "two", "namespace": "default"},
           "spec": {"containers": [{"name": "m", "image": "i", "resources": {"requests": {"cpu": "5"}}}]}},
          {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "three", "namespace": "default"},
           "spec": {"schedulingGates": [{"name": "x"}], "containers": [{"name": "m", "image": "i"}]}}]},
         "expected": [
          {"pod": "default/one", "status": "bound", "decision": "\(decision)", "feasible": ["b", "c"],
           "infeasible": {"a": {"plugin": "TaintToleration", "code": "UnschedulableAndUnresolvable",
            "reasons": ["node(s) had untolerated taint(s)"]}},
           "scores": {
            "b": {"TaintToleration": 300, "NodeResourcesFit": 75, "NodeResourcesBalancedAllocation": 75,
             "ImageLocality": 0, "DynamicResources": 0},
            "c": {"TaintToleration": 300, "NodeResourcesFit": 62, "NodeResourcesBalancedAllocation": \(score),
             "ImageLocality": 0, "DynamicResources": 0}},
           "total": {"b": 450, "c": \(362 + score)}, "ties": ["b"]},
          {"pod": "default/two", "status": "unschedulable", "decision": null, "feasible": [],
           "message": "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."},
          {"pod": "default/three", "status": "gated", "decision": null}]}
        """
    }

    @Test("a case of our own agrees")
    func own() {
        let report = SchedulerConformance.run(text: Self.example(decision: "b", score: 68), name: "own-1")
        #expect(report.lines(verbose: 9).last == "3 of 3 decisions agree", "\(report.lines(verbose: 9)) \(report.mismatches)")
    }

    @Test("a wrong record is found out, and the replay goes on")
    func wrong() {
        let report = SchedulerConformance.run(text: Self.example(decision: "c", score: 68), name: "own-1")
        #expect(report.lines().last == "2 of 3 decisions agree")
        #expect(report.mismatches.first?.differences.first == "decision: \"b\" instead of \"c\"")
    }
}
