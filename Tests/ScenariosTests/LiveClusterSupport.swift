import Chronology
import ClusterStore
import Foundation
import KubernetesAPI
import Observations
import Scenarios
@testable import Simulation

/// Runs that go on from the exports in the folder `Exports`, and what became of them.
final class LiveCluster: SelectiveObserver {
    var pods: [PodRow] = []
    var ends: [PodEndRow] = []
    var events: [EventRow] = []
    var attempts: [AttemptRow] = []

    func pod(_ row: PodRow) { pods.append(row) }
    func podEnd(_ row: PodEndRow) { ends.append(row) }
    func event(_ row: EventRow) { events.append(row) }
    func attempt(_ row: AttemptRow) { attempts.append(row) }

    /// The end of the pod called `name`.
    func end(of name: String) -> PodEndRow? {
        pods.first { $0.name == name }.flatMap { pod in ends.first { $0.pod == pod.pod } }
    }

    /// The names of pods that were made in the run.
    var created: [String] { pods.filter { $0.createdAt >= .start }.map(\.name) }
    /// Pods that were deleted in the run.
    var deleted: [PodEndRow] { ends.filter { !$0.isAlive } }

    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Exports/\(name)").path
    }

    static func load(_ names: [String], change: (inout RunRequest) -> Void = { _ in }) -> LoadedScenario {
        var request = RunRequest()
        request.manifests = names.map(path)
        request.duration = "1h"
        change(&request)
        return ScenarioLoader.load(request)
    }

    /// Runs with all invariants checked, to the horizon.
    static func run(_ setup: WorldSetup) -> (world: World, told: LiveCluster) {
        let told = LiveCluster()
        var world = World(setup, observer: told)
        world.checksInvariants = true
        world.run()
        return (world, told)
    }
}

extension World {
    /// The value of a metric at the end.
    func value(of metric: String) -> Int64? { metrics.first { $0.name == metric }?.value }

    /// The objects of a kind as they stand now.
    func objects(_ kind: ObjectKind) -> [KubernetesObject] { api.objects(of: kind, namespace: nil) }

    /// All objects as a List in kubectl's form.
    func export() -> String {
        let objects = ObjectKind.allCases.flatMap(objects)
        let items = objects.map { $0.encoded(startDate: setup.startDate) }
        return TreePrinter.json(
            .mapping([("apiVersion", .text("v1")), ("kind", .text("List")), ("items", .sequence(items))]))
    }
}
