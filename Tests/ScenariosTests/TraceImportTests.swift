import Chronology
import Foundation
import KubernetesAPI
import Observations
import Scenarios
import Simulation
import Testing

@Suite("Traces become scenarios")
struct TraceImportTests {
    /// What an import came to: the files of the folder, or the errors.
    struct Outcome {
        var files: [String: String] = [:]
        var errors: [String] = []
        var warnings: [String] = []
    }

    /// Imports files, looks at the folder, and hands its path to `body`.
    private func run(
        _ format: String, paths: [String], _ options: ImportOptions = ImportOptions(), then body: (String) throws -> Void = { _ in }
    ) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("orrery-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let kind = try #require(TraceRegistry.format(named: format))
        let output = try ScenarioFolder(path: folder.path + "/out/")
        let source = TraceSource(paths: paths)
        kind.convert(source, options, into: output)
        var outcome = Outcome(errors: source.diagnostics.all(.error).map(\.description))
        outcome.warnings = source.diagnostics.all(.warning).map(\.description)
        guard outcome.errors.isEmpty else {
            output.discard()
            return outcome
        }
        #expect(output.finish())
        #expect(ScenarioFolder.stranger(in: output.path) == nil)
        let base = URL(fileURLWithPath: folder.path + "/out")
        let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        for name in names where name.contains(".") {
            outcome.files[name] = try String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
        }
        try body(base.path)
        return outcome
    }

    private func run(
        _ format: String, _ texts: [(name: String, text: String)], _ options: ImportOptions = ImportOptions(),
        then body: (String) throws -> Void = { _ in }
    ) throws -> Outcome {
        try ScenarioFixtures.withFolder(texts) { folder in
            var outcome = try run(format, paths: texts.map { folder + "/" + $0.name }, options, then: body)
            outcome.errors = outcome.errors.map { $0.replacingOccurrences(of: folder + "/", with: "") }
            outcome.warnings = outcome.warnings.map { $0.replacingOccurrences(of: folder + "/", with: "") }
            return outcome
        }
    }

    /// Runs the scenario in `folder` for `length`, and returns the finished world.
    private func world(_ folder: String, for length: String) throws -> World {
        var request = RunRequest()
        request.scenario = folder
        request.duration = length
        let loaded = ScenarioLoader.load(request)
        #expect(loaded.diagnostics.filter { $0.severity == .error }.map(\.description) == [])
        var world = World(try #require(loaded.setup))
        world.checksInvariants = false
        world.run()
        #expect(world.isFinished)
        return world
    }

    private func metric(_ name: String, _ world: World) -> Int64 { world.metrics.first { $0.name == name }?.value ?? -1 }

    // MARK: - Samples

    private static let tasks = """
        "id","submission_time","duration","cpu_count","cpu_capacity","mem_capacity"
        7,1665093600000,60000,16,33600,100000
        8,1665093720500,120000,8,16800,50000
        9,1665093660000,30000,16,33600,100000

        """
    private static let topology = """
        {"clusters": [{"name": "C01", "hosts": [{"name": "H01", "cpu": {"coreCount": 16, "coreSpeed": 2100},
          "memory": {"memorySize": 100000}, "count": 2}]}]}
        """

    @Test("batch jobs arrive when they did, and run as long as they did")
    func surfLisa() throws {
        let outcome = try run("surf-lisa", [("tasks.csv", Self.tasks), ("topology.json", Self.topology)]) { folder in
            let world = try world(folder, for: "1h")
            #expect(metric("arrivals", world) == 3)
            #expect(metric("pods.succeeded", world) == 3)
        }
        #expect(outcome.errors == [])
        #expect(
            outcome.files["jobs.csv"] == """
                time,name,count,cpu,memory,runtime
                0,task-7,1,16,100000M,1m
                2m500ms,task-8,1,8,50000M,2m
                60,task-9,1,16,100000M,30s

                """)
        let scenario = try #require(outcome.files["scenario.yaml"])
        #expect(scenario.contains("count: 2}") && scenario.contains("start: \"2022-10-06T22:00:00Z\""))
        #expect(scenario.contains("from tasks.csv, topology.json."))
        let again = try run("surf-lisa", [("tasks.csv", Self.tasks), ("topology.json", Self.topology)])
        #expect(again.files == outcome.files)
    }

    @Test("machines of several sizes become a pool each, and equal ones share theirs")
    func sizes() throws {
        func host(_ cores: Int, _ count: String) -> String {
            "{\"cpu\": {\"coreCount\": \(cores)}, \"memory\": {\"memorySize\": 100000}\(count)}"
        }
        func run(_ hosts: [String]) throws -> Outcome {
            let topology = "{\"clusters\": [{\"hosts\": [\(hosts.joined(separator: ", "))]}]}"
            return try self.run("surf-lisa", [("tasks.csv", "\u{FEFF}" + Self.tasks), ("topology.json", topology)])
        }
        let outcome = try run([host(16, ", \"count\": 2"), host(32, ""), host(16, ", \"count\": 3")])
        let scenario = try #require(outcome.files["scenario.yaml"], "\(outcome.errors)")
        #expect(scenario.contains("{name: host-2, cpu: 32, memory: 100000M"))
        #expect(scenario.contains("{name: hosts-1, machineType: host-1, count: 5}"))
        #expect(scenario.contains("{name: hosts-2, machineType: host-2, count: 1}"))
        for count in ["0", "-3", "\"3\"", "100001", "9223372036854775807"] {
            #expect(
                try run([host(16, ", \"count\": \(count)")]).errors
                    == [
                        "topology.json:1:25: error: the host's count is no number of machines (expected a whole number from 1 to "
                            + "100000, or none for 1)"
                    ].map { $0.replacing(":25:", with: ":1:") })
        }
        #expect(
            try run([host(16, ", \"count\": 60000"), host(8, ", \"count\": 60000")]).errors == [
                "topology.json:1:1: error: there are 120000 machines in it (expected at most 100000)"
            ])
    }

    @Test("what of the virtual machines does not belong together is warned of once")
    func strangers() throws {
        let outcome = try run(
            "bitbrains", [("tasks.csv", Self.machines), ("fragments.csv", "id,duration,cpu_usage\n1,300000,1\n9,1,1\n8,1,1\n")])
        #expect(
            outcome.warnings == [
                "fragments.csv:3:1: warning: no machine has the fragment's id: it is left out (1 more like this)",
                "tasks.csv:3:1: warning: the machine has no fragment: it is taken to use nothing",
            ])
        let slow = Self.machines.replacing("5200", with: "1e-12")
        let absurd = try run("bitbrains", [("tasks.csv", slow), ("fragments.csv", Self.fragments)])
        #expect(absurd.errors.first?.hasPrefix("fragments.csv:2:1: error: 2600 MHz are more than") == true, "\(absurd.errors)")
    }

    @Test("a share, a part of the time, and another number of machines")
    func choices() throws {
        var options = ImportOptions()
        options.scalePermille = 2_000
        options.from = .offset(.seconds(30))
        options.machines = 5
        let outcome = try run("surf-lisa", [("tasks.csv", Self.tasks)], options)
        let rows: [String]? = outcome.files["jobs.csv"]?.split(separator: "\n").dropFirst().map(String.init)
        #expect(rows == ["1m30.5s,task-8,2,8,50000M,2m", "30,task-9,2,16,100000M,30s"])
        #expect(outcome.files["scenario.yaml"]?.contains("count: 5}") == true)
        options.scalePermille = 500
        options.from = nil
        let half = try run("surf-lisa", [("tasks.csv", Self.tasks)], options)
        #expect(half.files["jobs.csv"]?.split(separator: "\n").count == 2)
    }

    private static let machines = """
        "id","submission_time","duration","cpu_count","cpu_capacity","mem_capacity"
        1,1376314500000,3600000,2,5200,4194304
        2,1376316300000,1800000,1,2600,1048576

        """
    private static let fragments = """
        "id","duration","cpu_usage"
        1,300000,2600
        1,300000,2600
        1,3000000,520.5
        2,1800000,0

        """

    @Test("virtual machines become Jobs with a usage of their own")
    func bitbrains() throws {
        let outcome = try run("bitbrains", [("tasks.csv", Self.machines), ("fragments.csv", Self.fragments)]) { folder in
            let world = try world(folder, for: "50m")
            #expect(metric("arrivals", world) == 2)
            #expect(metric("pods.running", world) == 2)
        }
        #expect(outcome.errors == [])
        #expect(outcome.files["usage/vm-1.csv"] == "time,value\n0,1000\n600,200\n")
        #expect(outcome.files["usage/vm-2.csv"] == "time,value\n1800,0\n")
        #expect(
            outcome.files["machines.csv"]
                == "time,name,cpu,memory,runtime\n0,vm-1,2,4194304Ki,1h\n1800,vm-2,1,1048576Ki,30m\n")
        var options = ImportOptions()
        options.from = .offset(.minutes(5))
        let later = try run("bitbrains", [("tasks.csv", Self.machines), ("fragments.csv", Self.fragments)], options)
        #expect(later.files["usage/vm-1.csv"] == "time,value\n0,1000\n300,200\n")
    }

    @Test("requests become the traffic of a service")
    func requests() throws {
        let text =
            "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n"
            + "2023-11-16 18:15:49.0000000,396,109\n2023-11-16 18:16:01.5,1,1"
        let outcome = try run("azure-llm-2023", [("conv.csv", text)]) { folder in
            let world = try world(folder, for: "30s")
            #expect(metric("pods.running", world) == 1)
            // Two in the first ten seconds, during some of which the pod starts, and one in the last.
            #expect(metric("service.default/server.requests", world) == 3)
        }
        #expect(outcome.errors == [])
        #expect(outcome.files["requests.csv"] == "time,value\n0,0.2\n10,0\n20,0.1\n30,0\n")
        let scenario = try #require(outcome.files["scenario.yaml"])
        #expect(scenario.contains("traffic: {csv: requests.csv, unit: perSecond}"))
        #expect(scenario.contains("    cpu: 2s\n") && scenario.contains("    timeout: 1m\n"))
        #expect(outcome.files.keys.sorted() == ["manifests/server.yaml", "requests.csv", "scenario.yaml"])
        let cup = "period,count\n1998-04-30 21:30:00,6000\n1998-04-30 21:31:00,6000\n1998-04-30 21:32:00,12000\n"
        let site = try run("worldcup98", [("r.csv", cup)]) { folder in
            let world = try world(folder, for: "3m")
            #expect(metric("service.default/server.requests", world) == 24_000)
            // Those of the seconds in which the first pods start fail; then three cores serve what keeps two busy.
            #expect((1..<2_400).contains(metric("service.default/server.errors", world)))
            #expect(metric("service.default/server.latency.p50.max", world) > 10_000_000)
        }
        #expect(site.files["requests.csv"] == "time,value\n0,100\n120,200\n180,0\n")
        // 200 a second at 10 ms are two cores: three pods, two thirds busy.
        #expect(site.files["scenario.yaml"]?.contains("    cpu: 10ms\n") == true)
        #expect(site.files["scenario.yaml"]?.contains("timeout") == false)
        #expect(site.files["manifests/server.yaml"]?.contains("replicas: 3") == true)
    }

    @Test(
        "a line that is wrong is told with file and line, and nothing is written",
        arguments: [
            ("surf-lisa", "id,submission_time,duration,cpu_count,mem_capacity\n1,x,1,1,1\n", "t.csv:2:1: error: submission_time: \"x\" is no number"),
            ("surf-lisa", "id,submission_time,duration,cpu_count\n", "t.csv:1:1: error: the column \"mem_capacity\" is missing"),
            ("surf-lisa", "id,submission_time,duration,cpu_count,mem_capacity\n1,1,1,1\n", "t.csv:2:1: error: the header names 5 columns, and this line has 4"),
            ("surf-lisa", "id,submission_time,duration,cpu_count,mem_capacity\nA_b,1,1,1,1\n", "t.csv:2:1: error: id: \"A_b\" cannot be part of a name"),
            ("surf-lisa", "", "t.csv:1:1: error: the file is empty"),
            ("surf-lisa", "id,submission_time,duration,cpu_count,mem_capacity\n1,1,1,1,1\n1,2,1,1,1\n", "t.csv:3:1: error: the task \"1\" stands in line 2 already"),
            ("surf-lisa", "id,submission_time,duration,cpu_count,mem_capacity\n", "t.csv: error: there is no task in it"),
            ("bitbrains", "", "t.csv: error: one file was named"),
            ("worldcup98", "period,count,count\n1998-04-30 21:30:00,3,4\n", "t.csv:1:1: error: the column \"count\" stands twice"),
            ("worldcup98", "period,count\nyesterday,3\n", "t.csv:2:1: error: period: \"yesterday\" is no time"),
            ("worldcup98", "period,count\n1998-04-30 21:30:00,-3\n", "t.csv:2:1: error: count: \"-3\" is no number"),
            ("worldcup98", "period,count\n1998-04-30 21:30:00,3\n2098-04-30 21:30:00,3\n", "t.csv:3:1: error: 2098-04-30 21:30:00 lies years"),
            ("azure-llm-2023", "TIMESTAMP\n\"2023\n", "t.csv:2:1: error: a quote is not closed"),
        ])
    func mistakes(format: String, text: String, message: String) throws {
        let outcome = try run(format, [("t.csv", text)])
        #expect(outcome.files.isEmpty)
        #expect(outcome.errors.first?.hasPrefix(message) == true, "\(outcome.errors)")
    }

    @Test("no more than twenty lines are told")
    func many() throws {
        let text = "period,count\n" + String(repeating: "x,1\n", count: 5_000)
        let outcome = try run("worldcup98", [("t.csv", text)])
        #expect(outcome.errors.count == 20)
    }

    // MARK: - Real traces

    /// The folder of recorded traces, if this machine has it.
    private static var data: String? {
        guard let root = ScenarioFixtures.root else { return nil }
        let places = [root + "/../shared/data/traces"]
        return places.first { FileManager.default.fileExists(atPath: $0) }
    }

    @Test("the recorded traces are imported and run", .enabled(if: data != nil, "skipped: ../shared/data/traces is missing"))
    func recorded() throws {
        let data = try #require(Self.data)
        var options = ImportOptions()
        options.until = .offset(.hours(2))
        let lisa = ["surf-lisa/surf_week_tasks.csv", "surf-lisa/surf_topology.json"].map { "\(data)/\($0)" }
        let jobs = try run("surf-lisa", paths: lisa, options) { folder in
            let world = try world(folder, for: "1h")
            #expect(metric("pods.created", world) > 10)
        }
        #expect(jobs.errors == [])
        options.scalePermille = 200
        let machines = ["tasks.csv", "fragments.csv"].map { "\(data)/bitbrains/\($0)" }
        let used = try run("bitbrains", paths: machines, options) { folder in
            let world = try world(folder, for: "1h")
            #expect(metric("pods.running", world) == metric("arrivals", world))
        }
        #expect(used.errors == [])
        options.scalePermille = 1_000
        let cup = try run("worldcup98", paths: ["\(data)/worldcup98/requests_per_minute_to_1998-06-15.csv"], options) { folder in
            let world = try world(folder, for: "1h")
            #expect(metric("pods.pending", world) == 0)
        }
        #expect(cup.errors == [])
        let model = try run("azure-llm-2023", paths: ["\(data)/azure-llm-2023/AzureLLMInferenceTrace_conv.csv"], options) { folder in
            let world = try world(folder, for: "30m")
            #expect(metric("pods.pending", world) == 0)
        }
        #expect(model.errors == [])
    }
}
