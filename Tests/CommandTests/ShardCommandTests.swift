import Foundation
import Testing

@Suite("orrery shard")
struct ShardCommandTests {
    private static let experiment = """
        apiVersion: orrery.dev/v1
        kind: Experiment
        metadata: {name: machines}
        spec:
          axes:
            - name: machines
              values: [{label: two}, {label: three, set: {pools.a.count: 3}}]
          seeds: 6
          metrics: [cost.total, pending.max]
        """

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(CompareCommandTests.scenario, to: "x/scenario.yaml")
        try folder.write(CompareCommandTests.web, to: "x/manifests/web.yaml")
        try folder.write(Self.experiment, to: "x/experiment.yaml")
        return folder
    }

    @Test("shares that were run apart are the same rows as one run, to the digest")
    func shares() throws {
        let folder = try folder()
        let whole = try OrreryProcess.run(["compare", "x", "-o", "whole.sqlite", "--json"], in: folder)
        #expect(whole.status == 0, "\(whole.errors)")
        // The last share is run elsewhere: paths differ, the inputs do not.
        try FileManager.default.copyItem(atPath: folder.path + "/x", toPath: folder.path + "/y")
        for (number, name) in ["x", "x", "y/experiment.yaml"].enumerated() {
            let arguments = ["shard", name, "--unit", "\(number)/3", "-o", "part-\(number).sqlite", "--parallel", "1"]
            let part = try OrreryProcess.run(arguments, in: folder)
            #expect(part.status == 0 && part.output == "4 runs in part-\(number).sqlite\n", "\(part.errors)")
        }
        let merge = ["shard", "x", "-o", "merged.sqlite", "--json", "--merge", "part-2.sqlite", "part-0.sqlite"]
        let some = try OrreryProcess.run(merge, in: folder)
        #expect(some.status == 1 && some.errors.contains("4 of 12 runs are in none of the files"), "\(some.errors)")
        let all = try OrreryProcess.run(merge + ["part-1.sqlite"], in: folder)
        #expect(all.status == 0 && all.output == whole.output, "\(all.errors)")
        try folder.write(Self.experiment.replacingOccurrences(of: "seeds: 6", with: "seeds: 7"), to: "x/experiment.yaml")
        let other = try OrreryProcess.run(["shard", "x", "-o", "other.sqlite", "--merge", "part-0.sqlite"], in: folder)
        #expect(other.status == 2 && other.errors.contains("part-0.sqlite holds another experiment"), "\(other.errors)")
    }

    private static let forecast = """
        apiVersion: orrery.dev/v1
        kind: Forecast
        metadata: {name: days}
        spec: {history: usage.csv, horizon: 1d, replications: 14, untilInterval: 60%}
        """

    /// A folder with a forecast that needs fewer runs than it may make.
    private func forecastFolder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let scenario = """
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata: {name: shop}
            spec:
              pools: [{name: base, machineType: m6i.large, count: 1, zones: us-east-1a}]
              services: [{name: web, match: {name: web}, traffic: 10, cpu: 10ms}]
            """
        try folder.write(scenario, to: "x/scenario.yaml")
        try folder.write(CompareCommandTests.web, to: "x/manifests/web.yaml")
        try folder.write(Self.forecast, to: "x/forecast.yaml")
        var history = "time,value\n"
        for step in 0..<40 { history += "\(1_767_225_600 + 21_600 * step),\(20 + 10 * (step % 4) + step * 7 % 5)\n" }
        try folder.write(history, to: "x/usage.csv")
        return folder
    }

    @Test("shares of a forecast that were run apart are the same file as one run, to the byte")
    func forecastShares() throws {
        let folder = try forecastFolder()
        let whole = try OrreryProcess.run(["forecast", "x", "-o", "whole.sqlite", "--json"], in: folder)
        #expect(whole.status == 0 && whole.output.contains("\"runs\" : 10,"), "\(whole.errors)")
        try FileManager.default.copyItem(atPath: folder.path + "/x", toPath: folder.path + "/y")
        for (number, name) in ["x", "y/forecast.yaml"].enumerated() {
            let part = try OrreryProcess.run(
                ["shard", name, "--unit", "\(number)/2", "-o", "part-\(number).sqlite", "--parallel", "1"], in: folder)
            #expect(part.status == 0 && part.output == "7 runs in part-\(number).sqlite\n", "\(part.errors)")
        }
        let merge = ["shard", "x", "-o", "merged.sqlite", "--json", "--merge", "part-1.sqlite"]
        let some = try OrreryProcess.run(merge, in: folder)
        #expect(some.status == 1 && some.errors.contains("5 of 10 runs are in none of the files"), "\(some.errors)")
        let all = try OrreryProcess.run(merge + ["part-0.sqlite"], in: folder)
        #expect(all.status == 0 && all.output == whole.output, "\(all.errors)")
        // A file that lacked runs at first has the same rows; one that is merged at once has the same bytes.
        let anew = ["shard", "x", "-o", "anew.sqlite", "-q", "--json", "--merge", "part-1.sqlite", "part-0.sqlite"]
        #expect(try OrreryProcess.run(anew, in: folder).output == whole.output)
        let bytes = try ["whole", "anew"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\($0).sqlite")) }
        #expect(bytes[0] == bytes[1])
        try folder.write(Self.forecast.replacingOccurrences(of: "1d", with: "2d"), to: "x/forecast.yaml")
        let other = try OrreryProcess.run(["shard", "x", "-o", "other.sqlite", "--merge", "part-0.sqlite"], in: folder)
        #expect(other.status == 2 && other.errors.contains("part-0.sqlite holds another experiment"), "\(other.errors)")
    }

    @Test("the printed Job is one that Kubernetes would take, with a pod for each share")
    func job() throws {
        let folder = try folder()
        let printed = try OrreryProcess.run(
            ["shard", "x", "--print", "kubernetes-job", "--units", "5", "--image", "r.example.com/o:1"], in: folder)
        #expect(printed.status == 0 && printed.output.contains("$(JOB_COMPLETION_INDEX)/5"), "\(printed.errors)")
        try folder.write(printed.output, to: "job.yaml")
        let run = try OrreryProcess.run(
            ["run", "job.yaml", "--machines", "3xm6i.large", "--for", "1h", "--json", "-q", "-o", "job.sqlite"], in: folder)
        #expect(run.status == 0 && run.output.contains("\"created\": 5"), "\(run.output)\(run.errors)")
        #expect(try OrreryProcess.run(["shard", "x"], in: folder).status == 2)
        #expect(try OrreryProcess.run(["shard", "x", "--unit", "3/3"], in: folder).status == 2)
    }

    /// The first Python that has Dask.
    private static let python = [ProcessInfo.processInfo.environment["ORRERY_PYTHON"], "/usr/bin/python3"]
        .compactMap { $0 }.first { python in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: python)
            process.arguments = ["-c", "import distributed"]
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }

    /// Runs the shares on two workers, and kills one of them once the first share is there.
    private static let killer = """
        import importlib.util, os, signal, sys
        from distributed import Client, LocalCluster
        spec = importlib.util.spec_from_file_location("dask_shard", sys.argv[1])
        driver = importlib.util.module_from_spec(spec)
        # Functions of a module that the workers cannot import are sent with it.
        sys.modules["dask_shard"] = driver
        spec.loader.exec_module(driver)
        import cloudpickle
        cloudpickle.register_pickle_by_value(driver)
        if __name__ == "__main__":
            os.mkdir("parts")
            with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
                killed = False
                for number in driver.run_units(client, "x", 6, "parts", sys.argv[2]):
                    if not killed:
                        killed = True
                        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
            sys.exit(driver.merge("x", "parts", "dask.sqlite", sys.argv[2], ["--json"]))
        """

    @Test(
        "on a Dask cluster that loses a worker, it is the same database to the digest",
        .enabled(if: python != nil, "there is no Python with Dask; ORRERY_PYTHON names one"),
        arguments: ["compare", "forecast"])
    func dask(verb: String) throws {
        let folder = try verb == "compare" ? folder() : forecastFolder()
        let whole = try OrreryProcess.run([verb, "x", "-o", "whole.sqlite", "--json"], in: folder)
        try folder.write(
            try OrreryProcess.run(["shard", "x", "--print", "dask-driver"], in: folder).output, to: "dask_shard.py")
        try folder.write(Self.killer, to: "kill.py")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python ?? "")
        process.arguments = ["kill.py", "dask_shard.py", try OrreryProcess.binary().path]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        let (output, errors) = (try folder.openForWriting("out"), try folder.openForWriting("errors"))
        process.standardOutput = output.handle
        process.standardError = errors.handle
        try process.run()
        process.waitUntilExit()
        let told = try String(contentsOfFile: errors.path, encoding: .utf8)
        #expect(process.terminationStatus == 0, "\(told)")
        #expect(try String(contentsOfFile: output.path, encoding: .utf8) == whole.output, "\(told)")
        let bytes = try ["whole", "dask"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\($0).sqlite")) }
        #expect(bytes[0] == bytes[1])
    }
}
