import ArgumentParser
import Chronology
import ControlPlane
import Experiments
import KubernetesAPI
import Scenarios
import SchedulingFramework
import Simulation

/// `orrery capacity fit INPUTS --workload KIND/NAME`.
struct CapacityFitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Counts how many more pods of a workload fit, and tells what stops the next one.",
        discussion: """
            The scenario runs up to --at, with faults, autoscalers and changes. Then its scheduler is asked for one \
            place after the other; nobody is driven away for them, and no time passes.
            """)

    @OptionGroup var input: CapacityInput

    @Option(
        help: ArgumentHelp(
            "deployment/web, or any statefulset, replicaset, replicationcontroller or job.", valueName: "kind/name"))
    var workload: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Its namespace, where the name alone does not say it.", valueName: "name"))
    var namespace: String?

    @Option(
        help: ArgumentHelp("A manifest with one Pod, or one workload, of which more are wanted.", valueName: "file"))
    var pod: String?

    @Option(help: ArgumentHelp("When: a time since the start such as 36h, or a date.", valueName: "instant"))
    var at = "10m"

    @Option(help: ArgumentHelp("Counts no further.", valueName: "number"))
    var limit = 100_000

    func validate() throws {
        if workload != nil, pod != nil {
            throw ValidationError("--workload and --pod: more of one of the two is wanted, not of both.")
        }
        if (workload == nil) == (pod == nil) {
            throw ValidationError("Name a workload of the cluster with --workload, or a manifest with --pod.")
        }
        if limit < 1 { throw ValidationError("--limit is at least 1.") }
    }

    func run() throws {
        let (setup, _) = try input.load(needsWork: pod == nil)
        let instant = try CapacityInput.instant(at, of: setup)
        let given = try pod.map { try read($0, setup) }
        var world = World(setup)
        while world.run(until: instant, events: 1 << 16), world.now < instant {}
        let sample = try given.map { try wanted($0, in: world.view) } ?? chosen(in: world.view)
        let room = WorkloadRoom(
            for: sample, in: world.view, configuration: setup.scheduler, limit: limit)
        let asks = CapacityText.amounts(ResourceAmounts(PodRequests.total(of: sample.pod.spec)))
        let answer = FitAnswer(
            room, scenario: setup.name, at: "\(WallClock(startDate: setup.startDate).text(of: instant))", asks: asks)
        Console.out(input.json ? try CapacityText.json(answer) : answer.text)
        if room.count == 0 { throw Exit.failed.code }
    }

    // MARK: - The pod

    /// The workload that --workload names.
    private func chosen(in view: any ClusterView) throws -> WorkloadSample {
        let parts = (workload ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let kinds = WorkloadSample.kinds
        guard parts.count == 2, let kind = kinds.first(where: { $0.name == parts[0].lowercased() })?.kind else {
            throw wrong(
                "--workload", workload ?? "", "one of \(kinds.map { $0.name + "/NAME" }.joined(separator: ", "))")
        }
        let objects = view.objects(of: kind, namespace: namespace)
        let found = objects.filter { $0.metadata.name == parts[1] }
        guard found.count <= 1 else {
            throw wrong(
                "--workload", workload ?? "",
                "--namespace with one of \(found.map(\.metadata.namespace).joined(separator: ", "))")
        }
        guard let object = found.first, let sample = WorkloadSample(object, in: view) else {
            let names = objects.map(\.metadata.name)
            let nearest = NearestName.of(parts[1], among: names).map { "; did you mean \"\($0)\"?" } ?? ""
            let known = names.isEmpty ? "there is none" : "there are \(names.prefix(8).joined(separator: ", "))"
            throw wrong("--workload", workload ?? "", "a \(parts[0]) of the cluster: \(known)\(nearest)")
        }
        return sample
    }

    /// The one object of the file that --pod names.
    private func read(_ path: String, _ setup: WorldSetup) throws -> KubernetesObject {
        let manifests = ManifestLoader(startDate: setup.startDate).load(paths: [path])
        DiagnosticPrinter.show(manifests.diagnostics, isQuiet: input.quiet)
        if manifests.hasErrors { throw Exit.badInput.code }
        guard manifests.objects.count == 1, let object = manifests.objects.first?.object else {
            throw wrong("--pod", path, "a file with one object, not \(manifests.objects.count)")
        }
        return object
    }

    private func wanted(_ object: KubernetesObject, in view: any ClusterView) throws -> WorkloadSample {
        if case .pod(let pod) = object { return WorkloadSample(name: "pod/\(pod.metadata.name)", pod: pod, in: view) }
        if let sample = WorkloadSample(object, in: view) { return sample }
        throw wrong("--pod", "\(object.key)", "a Pod or a workload")
    }

    private func wrong(_ option: String, _ found: String, _ expected: String) -> any Error {
        Console.error("\(option): error: found \"\(found)\" (expected \(expected))")
        return Exit.badInput.code
    }
}
