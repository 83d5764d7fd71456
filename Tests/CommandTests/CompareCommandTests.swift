import Foundation
import Testing

@Suite("orrery compare")
struct CompareCommandTests {
    static let scenario = """
        apiVersion: orrery.dev/v1
        kind: Scenario
        metadata: {name: small}
        spec:
          duration: 2h
          pools: [{name: a, machineType: m6i.large, count: 2, zones: us-east-1a}]
          workloads: [{match: {name: web}, readyAfter: {lognormal: {median: 5s, p95: 20s}}}]
        """
    static let web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: registry.example.com/web:1}]}
        """
    private static let experiment = """
        apiVersion: orrery.dev/v1
        kind: Experiment
        metadata: {name: machines, title: How many machines?}
        spec:
          axes:
            - name: machines
              values:
                - {label: two}
                - {label: again, set: {pools.a.count: 2}}
                - {label: three, set: {pools.a.count: 3}}
          seeds: 4
          tieBreaks: 2
          metrics: [cost.total, pending.max]
          expect:
            - {variant: again, metric: cost.total, is: nothing}
            - {variant: again, metric: pending.max, is: nothing}
            - {variant: three, metric: cost.total, is: higher}
        """

    private func folder(_ experiment: String = experiment) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(Self.scenario, to: "x/scenario.yaml")
        try folder.write(Self.web, to: "x/manifests/web.yaml")
        try folder.write(experiment, to: "x/experiment.yaml")
        return folder
    }

    private func digest(_ output: String) -> String? {
        output.split(separator: "\n").first { $0.contains("\"digest\"") }.map(String.init)
    }

    @Test("a twin shows no difference, a third machine costs more, and the rows are the same at any parallelism")
    func compares() throws {
        let folder = try folder()
        let one = try OrreryProcess.run(["compare", "x", "--parallel", "1", "-o", "one.sqlite", "--json"], in: folder)
        #expect(one.status == 0, "\(one.output)\(one.errors)")
        let two = try OrreryProcess.run(["compare", "x", "--parallel", "3", "-o", "two.sqlite", "--json"], in: folder)
        #expect(two.output == one.output && two.output.contains("\"runs\": 24"))
        let rows = try ["one", "two"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\($0).sqlite")) }
        #expect(rows[0] == rows[1])
        // Once more: nothing is run, and it says the same.
        let again = try OrreryProcess.run(["compare", "x", "-o", "one.sqlite"], in: folder)
        #expect(again.status == 0 && again.output.contains("no difference shown"), "\(again.output)\(again.errors)")
        #expect(again.output.contains("higher, in 2 of 2 streams of tie-breaks") && again.output.contains("Pareto"))
        let report = try OrreryProcess.run(["report", "one.sqlite"], in: folder)
        #expect(report.status == 0 && again.output.hasPrefix(report.output), "\(report.errors)")
        let page = ["report", "one.sqlite", "--format", "html", "-o", "one.html"]
        #expect(try OrreryProcess.run(page, in: folder).status == 0)
        let html = try String(contentsOfFile: folder.path + "/one.html", encoding: .utf8)
        #expect(html.hasPrefix("<!DOCTYPE html>") && html.contains("no difference shown"))
        #expect(try OrreryProcess.run(["report", "one.sqlite", "pods"], in: folder).status == 2)
    }

    @Test("what was killed goes on where it was, to the same digest")
    func resumes() throws {
        let folder = try folder(Self.experiment.replacingOccurrences(of: "seeds: 4", with: "seeds: 12"))
        let arguments = ["compare", "x", "--parallel", "1", "-o", "killed.sqlite", "--json"]
        let killed = try OrreryProcess.run(arguments, in: folder) { process in
            let end = Date().addingTimeInterval(60)
            while Date() < end {
                let size = try? FileManager.default.attributesOfItem(atPath: folder.path + "/killed.sqlite-wal")[.size]
                if (size as? Int ?? 0) > 300_000 { break }
                usleep(20_000)
            }
            kill(process.processIdentifier, SIGKILL)
        }
        #expect(killed.status == SIGKILL)
        let resumed = try OrreryProcess.run(arguments, in: folder)
        #expect(resumed.status == 0, "\(resumed.errors)")
        let whole = try OrreryProcess.run(["compare", "x", "-o", "whole.sqlite", "--json"], in: folder)
        #expect(whole.status == 0 && whole.output == resumed.output)
        // Another experiment does not go on in the file.
        try folder.write(Self.experiment, to: "x/experiment.yaml")
        let other = try OrreryProcess.run(arguments, in: folder)
        #expect(other.status == 2 && other.errors.contains("--restart"), "\(other.errors)")
        let restarted = try OrreryProcess.run(arguments + ["--restart"], in: folder)
        #expect(restarted.status == 0 && restarted.output.contains("\"runs\": 24"), "\(restarted.errors)")
    }

    @Test("what is expected and not shown ends with 1, and mistakes with 2")
    func ends() throws {
        let small = Self.experiment.replacingOccurrences(of: "seeds: 4", with: "seeds: 2")
            .replacingOccurrences(of: "tieBreaks: 2", with: "tieBreaks: 0")
        let folder = try folder(small.replacingOccurrences(of: "is: higher", with: "is: lower"))
        let missed = try OrreryProcess.run(["compare", "x", "-q"], in: folder)
        #expect(missed.status == 1 && missed.output.isEmpty, "\(missed.output)\(missed.errors)")
        #expect(missed.errors.contains("cost.total of three was expected to be lower, and is shown to be higher"))
        #expect(missed.errors.contains("x:17:32: "), "\(missed.errors)")
        try folder.write(small.replacingOccurrences(of: "seeds: 2", with: "seed: 2"), to: "x/experiment.yaml")
        let wrong = try OrreryProcess.run(["compare", "x"], in: folder)
        #expect(wrong.status == 2 && wrong.errors.contains("x/experiment.yaml:11:3"), "\(wrong.errors)")
        #expect(try OrreryProcess.run(["compare", "x", "--parallel", "0"], in: folder).status == 2)
        #expect(try OrreryProcess.run(["compare", "nowhere"], in: folder).status == 2)
    }
}
