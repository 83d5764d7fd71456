import Chronology
import Foundation
import KubernetesAPI
import Observations
import Scenarios
import Simulation
import Testing

@Suite("A simulated cluster that is exported and goes on")
struct LiveClusterTwinTests {
    private static let manifests = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 4
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: "shop/web:1", resources: {requests: {cpu: 200m}}}]}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          replicas: 2
          serviceName: db
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec: {containers: [{name: db, image: "shop/db:1", volumeMounts: [{name: data, mountPath: /data}]}]}
          volumeClaimTemplates:
            - metadata: {name: data}
              spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 5Gi}}}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec:
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec: {containers: [{name: agent, image: "shop/agent:1"}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {selector: {app: web}, ports: [{port: 80}]}
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: web}
        spec: {minAvailable: 3, selector: {matchLabels: {app: web}}}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: report}
        spec:
          schedule: "15 * * * *"
          jobTemplate:
            spec:
              template:
                spec: {restartPolicy: Never, containers: [{name: report, image: "shop/report:1"}]}
        """

    private static func first() throws -> World {
        let loaded = ScenarioFixtures.load(manifests: [("shop.yaml", manifests)]) { request in
            request.machines = ["3xm6i.large"]
            // Some time after the last run of the cron job.
            request.duration = "2h40m"
        }
        var world = World(try #require(loaded.setup, "\(loaded.diagnostics)"))
        world.run()
        return world
    }

    private static func goOn(from export: String) throws -> (world: World, told: LiveCluster) {
        let loaded = ScenarioFixtures.load(manifests: [("export.json", export)]) { request in
            request.startDate = "2026-01-05T02:40:00Z"
            request.duration = "30m"
        }
        return LiveCluster.run(try #require(loaded.setup, "\(loaded.diagnostics)"))
    }

    @Test("at rest it stays at rest, with the same pods on the same nodes")
    func atRest() throws {
        let first = try Self.first()
        let (world, told) = try Self.goOn(from: first.export())
        #expect(world.violation == nil)
        #expect(told.created == [])
        #expect(told.deleted == [])
        #expect(told.attempts.isEmpty)
        let before = first.objects(.pod).map(Self.place)
        #expect(world.objects(.pod).map(Self.place) == before)
        #expect(before.count >= 9)
        #expect(world.value(of: "restarts") == 0)
    }

    @Test("what is exported twice says the same of every workload")
    func twice() throws {
        let first = try Self.first()
        let (world, _) = try Self.goOn(from: first.export())
        for kind in [ObjectKind.deployment, .replicaSet, .statefulSet, .daemonSet, .job, .persistentVolumeClaim] {
            let before = first.objects(kind).map { Self.essence($0, of: first) }
            let after = world.objects(kind).map { Self.essence($0, of: world) }
            #expect(before == after, "\(kind)")
            #expect(!before.isEmpty, "\(kind)")
        }
    }

    private static func place(_ object: KubernetesObject) -> String {
        guard case .pod(let pod) = object else { return "" }
        return "\(pod.key) \(pod.metadata.uid) \(pod.nodeName ?? "-") \(pod.status.phase.rawValue)"
    }

    /// An object as text, without the version, which each store counts for itself.
    private static func essence(_ object: KubernetesObject, of world: World) -> String {
        var object = object
        object.metadata.resourceVersion = 0
        return TreePrinter.json(object.encoded(startDate: world.setup.startDate))
    }
}
