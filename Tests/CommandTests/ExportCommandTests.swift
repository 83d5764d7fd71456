import Exports
import Foundation
import Testing

@Suite("export writes what other tools read")
struct ExportCommandTests {
    @Test("openmetrics keeps the rules of the format, and the times are those of the virtual clock")
    func openMetrics() throws {
        let folder = try DatabaseCommandTests.finishedRun()
        let outcome = try OrreryProcess.run(["export", "out.sqlite", "--step", "5m", "--label", "run=a"], in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let text = MetricsText(outcome.output)
        #expect(text.mistakes.isEmpty, "\(text.mistakes.prefix(5))")
        func only(_ name: String, _ part: String = "{") -> MetricsText.Series? {
            text.series.first { $0.name == name && $0.text.contains(part) }
        }
        for series in text.series {
            for match in series.text.matches(of: /[{,](\w+)="/) where match.output.1 != "run" {
                let name = String(match.output.1)
                #expect(ExportFamilies.labels.contains(name) || name.hasPrefix("label_"), "\(name)")
            }
        }
        let replicas = try #require(only("kube_deployment_status_replicas_available"))
        #expect(
            replicas.text
                == "kube_deployment_status_replicas_available{run=\"a\",namespace=\"shop\",deployment=\"web\","
                + "job=\"kube-state-metrics\",instance=\"kube-state-metrics:8443\"}")
        // Two hours, with both ends; nothing runs at the first look.
        #expect(replicas.samples.map(\.value) == ["0"] + Array(repeating: "3", count: 24))
        let start = try #require(text.series.flatMap(\.samples).map(\.at).min())
        #expect((text.series.flatMap(\.samples).map(\.at).max() ?? 0) - start == 7_200 && start % 86_400 == 0)
        // 250m each, as nobody says what they use: half an hour of a core in two hours, but for the start.
        let used = text.series.filter { $0.name == "container_cpu_usage_seconds_total" }
        #expect(used.count == 3)
        for series in used {
            let value = try #require(series.samples.last.flatMap { Double($0.value) })
            #expect(value == 0.25 * 300 * Double(series.samples.count - 1) && value > 1_500)
        }
        #expect(only("kube_pod_status_unschedulable", "pod=\"giant\"")?.samples.last?.value == "1")
        #expect(only("node_total_hourly_cost")?.samples.last?.value == "0.096")
        let scheduled = text.series.first { $0.text.contains("result=\"scheduled\"") }
        #expect(scheduled?.name == "scheduler_schedule_attempts_total" && scheduled?.samples.last?.value == "3")
    }

    @Test("a window is cut out as the whole run has it")
    func window() throws {
        let folder = try DatabaseCommandTests.finishedRun()
        let whole = try OrreryProcess.run(["export", "out.sqlite", "--step", "10m"], in: folder)
        let part = try OrreryProcess.run(
            ["export", "out.sqlite", "--step", "10m", "--start", "40m", "--end", "1h10m", "-o", "part/run.om", "--quiet"],
            in: folder)
        #expect(part.status == 0 && part.output.isEmpty && part.errors.isEmpty, "\(part.errors)")
        let lines = Set(whole.output.split(separator: "\n"))
        let file = String(decoding: try folder.data("part/run.om"), as: UTF8.self)
        let kept = file.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasPrefix("container_cpu_usage") }
        #expect(kept.count > 100 && kept.allSatisfy { lines.contains($0) })
        #expect(Set(MetricsText(file).series.flatMap(\.samples).map(\.at)).count == 4)
    }

    /// Arguments, and what is said of them.
    static let refused: [(arguments: [String], reason: String)] = [
        (["--step", "0s"], "--step 0s: a duration of 1s or more is expected"),
        (["--start", "noon"], "--start noon: a time since the start such as 13h30m, or a date"),
        (["--start", "3h"], "--start 3h: the run goes from "),
        (["--start", "1h", "--end", "30m"], "--end 30m: it lies before the start of the window"),
        (["--label", "job"], "--label job: name=value is expected"),
        (["--label", "pod=a"], "--label pod=a: samples have a label of that name"),
        (["--format", "csv"], "--format csv writes a folder"),
        (["--format", "csv", "-o", "x", "--step", "1m"], "are for --format openmetrics"),
    ]

    @Test("what cannot be is refused with what is expected", arguments: refused)
    func refuses(row: (arguments: [String], reason: String)) throws {
        let outcome = try OrreryProcess.run(["export", "out.sqlite"] + row.arguments, in: DatabaseCommandTests.finishedRun())
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(row.reason), "\(outcome.errors)")
    }

    @Test("a run that is not repeated is not told of, nor is a part of it", arguments: [[], ["--end", "10m"]])
    func tampered(window: [String]) throws {
        let folder = try DatabaseCommandTests.finishedRun()
        var bytes = try folder.data("out.sqlite")
        let range = try #require(bytes.range(of: Data("seed: 7\n".utf8)))
        bytes.replaceSubrange(range, with: Data("seed: 8\n".utf8))
        try folder.write(bytes, to: "out.sqlite")
        let outcome = try OrreryProcess.run(["export", "out.sqlite", "--step", "1h", "-o", "run.om"] + window, in: folder)
        #expect(outcome.status == 1 && !folder.exists("run.om"))
        #expect(outcome.errors.contains("the run cannot be repeated"), "\(outcome.errors)")
    }
}

@Suite("alert rules on an export", .enabled(if: Promtool.path != nil, "there is no promtool here"))
struct AlertRuleTests {
    // What kubernetes-mixin's alerts of these names mean, for the labels of kube-prometheus.
    private static let rules = """
        groups:
        - name: kubernetes
          rules:
          - alert: KubePodCrashLooping
            expr: max_over_time(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff", job="kube-state-metrics"}[5m]) >= 1
            for: 15m
          - alert: KubeNodeNotReady
            expr: |
              kube_node_status_condition{job="kube-state-metrics", condition="Ready", status="true"} == 0
              and on (node) kube_node_spec_unschedulable{job="kube-state-metrics"} == 0
            for: 15m
          - alert: KubeDeploymentReplicasMismatch
            expr: |
              kube_deployment_spec_replicas{job="kube-state-metrics"}
                > kube_deployment_status_replicas_available{job="kube-state-metrics"}
              and changes(kube_deployment_status_replicas_updated{job="kube-state-metrics"}[10m]) == 0
            for: 15m
        """

    private static let inputs = [
        "kube_pod_container_status_waiting_reason", "kube_node_status_condition", "kube_node_spec_unschedulable",
        "kube_deployment_spec_replicas", "kube_deployment_status_replicas_available",
        "kube_deployment_status_replicas_updated",
    ]

    /// Exports a window of a shipped scenario's run; nothing is written into the checkout.
    private func export(
        _ scenario: String, _ settings: [String], window: (start: String, end: String), in folder: TemporaryFolder
    ) throws -> MetricsText {
        let run = try OrreryProcess.run(
            ["run", OrreryProcess.root + "/scenarios/" + scenario, "--quiet", "--output", "run.sqlite"]
                + settings.flatMap { ["--set", $0] }, in: folder)
        try #require(run.status == 0 || run.status == 1, "\(run.errors)")
        let outcome = try OrreryProcess.run(
            [
                "export", "run.sqlite", "--step", "1m", "--start", window.start, "--end", window.end, "--quiet", "-o",
                "run.om",
            ], in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return MetricsText(String(decoding: try folder.data("run.om"), as: UTF8.self))
    }

    /// Lets promtool judge the rules; `expected` are the alerts that fire, minutes after the start of the export, as labels.
    private func judge(
        _ text: MetricsText, _ expected: [(minute: Int, alert: String, labels: [[String: String]])],
        in folder: TemporaryFolder
    ) throws {
        #expect(text.mistakes.isEmpty, "\(text.mistakes.prefix(5))")
        let start = try #require(text.series.flatMap(\.samples).map(\.at).min())
        var file = "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n"
        file += text.input(of: Self.inputs, start: start, step: 60) + "  alert_rule_test:\n"
        for row in expected {
            file += "  - eval_time: \(row.minute)m\n    alertname: \(row.alert)\n    exp_alerts:"
            if row.labels.isEmpty { file += " []" }
            file += "\n"
            for labels in row.labels {
                let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key): \"\($0.value)\"" }
                file += "    - exp_labels: {\(pairs.joined(separator: ", "))}\n"
            }
        }
        try folder.write(Self.rules, to: "rules.yml")
        try folder.write(file, to: "test.yml")
        let told = try Promtool.run(["test", "rules", "test.yml"], in: folder)
        #expect(told.status == 0, "\(told.output.prefix(2_000))")
    }

    private static let scraped = ["job": "kube-state-metrics", "instance": "kube-state-metrics:8443"]

    @Test("a lost zone: machines that are not ready and a Deployment without its replicas, and neither of them before")
    func zoneLoss() throws {
        let folder = try TemporaryFolder()
        // The zone is dark from 14:00 to 15:00.
        let text = try export("failures/zone-loss-spread", [], window: ("13h40m", "15h30m"), in: folder)
        let nodes = ["general-2", "general-5"].map { node in
            Self.scraped.merging(["node": node, "condition": "Ready", "status": "true"]) { $1 }
        }
        let deployment = Self.scraped.merging(["namespace": "shop", "deployment": "checkout"]) { $1 }
        // Their kubelets tell nothing from 14:00:45, when they are missed, to 15:00:29; all others go on.
        let start = try #require(text.series.flatMap(\.samples).map(\.at).min())
        for node in ["general-1", "general-2", "general-5"] {
            let minutes = text.series.filter { $0.text.contains("job=\"kubelet\"") && $0.text.contains("node=\"\(node)\"") }
                .filter { $0.name != "up" }.flatMap(\.samples).map { ($0.at - start) / 60 }
            #expect(minutes.contains(20) && minutes.contains(81))
            #expect(minutes.contains { (21...80).contains($0) } == (node == "general-1"), "\(node)")
        }
        try judge(
            text,
            [
                (18, "KubeNodeNotReady", []), (30, "KubeNodeNotReady", []), (40, "KubeNodeNotReady", nodes),
                (85, "KubeNodeNotReady", []), (18, "KubeDeploymentReplicasMismatch", []),
                (50, "KubeDeploymentReplicasMismatch", [deployment]), (85, "KubeDeploymentReplicasMismatch", []),
                (40, "KubePodCrashLooping", []),
            ], in: folder)
    }

    @Test("a crash loop, which goes on for longer than a quarter of an hour and then heals")
    func crashLoop() throws {
        let folder = try TemporaryFolder()
        // Ten runs fail: 0, 10, 20, 40, 80 and 160 s of back-off, and then 5 min each time: the last run begins after 25 min.
        let text = try export(
            "failures/crash-loop-heals", ["workloads[0].failingRuns=10", "duration=1h"], window: ("0s", "1h"),
            in: folder)
        let loops = text.series.filter { $0.text.contains("reason=\"CrashLoopBackOff\"") }
        #expect(loops.count == 6)
        let alerts = loops.map { series in
            var labels: [String: String] = [:]
            for match in series.text.matches(of: /(\w+)="([^"]*)"/) {
                labels[String(match.output.1)] = String(match.output.2)
            }
            return labels
        }
        try judge(
            text,
            [
                (10, "KubePodCrashLooping", []), (24, "KubePodCrashLooping", alerts), (50, "KubePodCrashLooping", []),
                (24, "KubeNodeNotReady", []),
            ], in: folder)
    }

    @Test("promtool makes blocks of an export, with every sample in them")
    func blocks() throws {
        let folder = try TemporaryFolder()
        let text = try export("failures/zone-loss-spread", [], window: ("13h55m", "14h20m"), in: folder)
        let made = try Promtool.run(["tsdb", "create-blocks-from", "openmetrics", "run.om", "data"], in: folder)
        #expect(made.status == 0, "\(made.output.prefix(2_000))")
        // A database that was filled from outside has no log, and the tool looks for one.
        try FileManager.default.createDirectory(atPath: folder.path + "/data/wal", withIntermediateDirectories: true)
        let dump = try Promtool.run(["tsdb", "dump", "data"], in: folder)
        #expect(dump.status == 0)
        let samples = dump.output.split(separator: "\n").count { $0.hasPrefix("{") }
        #expect(samples == text.series.reduce(0) { $0 + $1.samples.count } && samples > 5_000)
    }
}
