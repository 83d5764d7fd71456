import Chronology
import Costs
import Faults
import Foundation
import KubernetesAPI
import Machines
import Observations
import Scenarios
import Scheduler
import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("Files become setups, and setups keep what they were made of")
struct ScenarioLoadingTests {
    static let full = """
        apiVersion: orrery.dev/v1
        kind: Scenario
        metadata: {name: full, title: Everything, description: Each section once.}
        spec:
          start: "2026-02-02"
          duration: 2d
          seed: 7
          manifests: [manifests, more/job.yaml]
          machineTypes: [{name: big, cpu: 8, memory: 32Gi, pods: 50, reservation: kubelet}]
          pools:
            - {name: a, machineType: m6i.large, count: 2, zones: [us-east-1a, us-east-1b], purchase: spot}
            - name: b
              machineType: big
              count: 1
              price: 0.25
              labels: {disk: fast}
              taints: [{key: dedicated, value: x, effect: NoSchedule}]
              start: booting
              kubeReserved: {cpu: 500m, memory: 1Gi}
              systemReserved: {cpu: 100m}
              evictionHard: {memory.available: 5%}
          prices: {overlay: prices.csv, controlPlane: 0}
          images:
            - {name: "registry.example.com/web:1", size: 100Mi}
            - {name: "registry.example.com/web:2", layers: [{digest: "sha256:1", size: 10Mi}]}
            - {name: "x:1", missing: true}
          workloads:
            - match: {kind: Deployment, name: "w*"}
              readyAfter: 3s
              unreadyAfter: {exponential: {mean: 1d}}
              unreadyFor: never
              hangsAfter: 9d
              preStopTime: 4s
              usage:
                cpu: {csv: curves/cpu.csv, unit: percent, repeat: 1d, trendPerDay: 1%}
                memory: 50%
            - match: {kind: Job}
              runTime: {exponential: {mean: 10m}}
              failureProbability: 0.5%
              failingRuns: 3
          faults:
            - {name: crash, kind: NodeCrash, lifetime: {weibull: {scale: 100d, shape: 0.7}}, duration: 1h}
            - {kind: ZoneOutage, at: 36h, duration: 2h, target: {zone: us-east-1b}}
            - {kind: RegistryOutage, every: 12h, target: {registry: registry.example.com}}
            - {kind: NodeReboot, every: 1d, at: 1h, target: {pool: a, percentage: 50%}}
          changes:
            - {at: 1h, every: 6h, apply: later}
            - {at: 2h, scale: {name: web, replicas: 4}}
            - {at: 3h, setImage: {name: web, image: "registry.example.com/web:2"}}
            - {at: 4h, drain: a-1}
            - {at: 5h, uncordon: a-1}
            - {every: 8h, replacePods: 5%}
            - {at: 20h, delete: {kind: Deployment, name: web}}
            - {at: 21h, drain: {node: a-2, force: true, gracePeriod: 5s, timeout: 1h}}
            - {at: 22h, reboot: a-2}
          parameters: {watch: 10ms, controller.qps: 50, kubelet.nodeBandwidth: 10M, kubelet.shutdownGracePeriod: 30s}
          scheduler: {mode: upstream, tieBreak: seeded, percentageOfNodesToScore: 30}
          assert:
            - {metric: pods.pending, equals: 0}
            - {metric: cost.total, below: "$12.50", above: 1}
            - {metric: pending.p95, atMost: 30s}
        """
    static let job = """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: once}
        spec:
          template:
            spec: {restartPolicy: Never, containers: [{name: main, image: x}]}
        """
    static let files: [(name: String, text: String)] = [
        ("full/scenario.yaml", full), ("full/manifests/web.yaml", ScenarioFixtures.web), ("full/more/job.yaml", job),
        ("full/later/job.yaml", job.replacing("once", with: "later")),
        ("full/curves/cpu.csv", "time,value\n0s,20\n12h,80\n"),
        ("full/prices.csv", "type,purchase,usd_per_hour\nm6i.large,spot,0.03\n"),
        ("extra.yaml", job.replacing("once", with: "extra")),
    ]

    @Test("every section of a scenario ends up in the setup")
    func everySection() throws {
        try ScenarioFixtures.withFolder(Self.files) { folder in
            var request = RunRequest()
            request.scenario = folder + "/full"
            request.manifests = [folder + "/extra.yaml"]
            let loaded = ScenarioLoader.load(request)
            let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
            #expect(setup.name == "full")
            #expect(setup.seed == 7)
            #expect(setup.objects.map(\.metadata.name) == ["web", "once", "extra"])
            #expect(setup.pools.map(\.pricePerHour) == [NanoDollars(parsing: "0.03"), NanoDollars(parsing: "0.25")])
            #expect(setup.pools.map(\.isRunningAtStart) == [true, false])
            #expect(setup.pools[1].taints == [Taint(key: "dedicated", value: "x", effect: .noSchedule)])
            #expect(setup.controlPlanePerHour == .zero)
            var images = setup.images
            #expect(images.bytes(of: "registry.example.com/web:1") == 100 << 20)
            #expect(images.bytes(of: "registry.example.com/web:2") == 10 << 20)
            #expect(images.bytes(of: "x:1") == nil)
            #expect(setup.workloads.rules.count == 2)
            #expect(setup.workloads.rules[1].outcome == Behavior.Outcome(failureProbability: 0.005, failingRuns: 3))
            #expect(setup.workloads.rules[0].unready == Behavior.Unreadiness(after: .exponential(mean: 86_400)))
            #expect(setup.workloads.rules[0].hangsAfter == .after(.constant(777_600)))
            #expect(setup.workloads.rules[0].preStopTime == .constant(4))
            #expect(setup.kubelet.shutdownGracePeriod == .seconds(30))
            let allocatable = setup.pools[1].machineType.allocatable
            #expect(allocatable[.cpu] == Quantity(milli: 7_400))
            // 32 GiB less 1 GiB less 5 %.
            #expect(allocatable[.memory] == Quantity(31_568_009_626))
            #expect(setup.faults.map(\.name) == ["crash", "ZoneOutage-2", "RegistryOutage-3", "NodeReboot-4"])
            #expect(setup.faults[0].timing == .lifetime(.weibull(scale: 8_640_000, shape: 0.7), perTarget: true))
            #expect(setup.faults[2].timing == .every(.hours(12), from: .start + .hours(12)))
            #expect(setup.faults[3].targets.choice == .percent(50))
            #expect(setup.changes.map(\.at.sinceStart) == [1, 2, 3, 4, 5, 8, 20, 21, 22].map { Duration.hours($0) })
            guard case .drain(let options) = setup.changes[7].act else {
                Issue.record("no drain")
                return
            }
            #expect(options.force && !options.ignoreDaemonSets && options.node == "a-2")
            #expect(options.gracePeriodSeconds == 5 && options.timeout == .hours(1))
            #expect(setup.parameters.watchDelay == .constant(0.01))
            #expect(setup.kubelet.nodeBandwidth == 10_000_000)
            #expect(setup.scheduler.mode == .upstream)
            #expect(setup.assertions.map(\.bound.number) == [0, 12_500_000_000, 1_000_000_000, 30_000_000_000])
            let names: [String] = [
                "request", "scenario.yaml", "curves/cpu.csv", "manifests/web.yaml", "more/job.yaml", "extra.yaml",
                "later/job.yaml", "prices.csv",
            ]
            #expect(setup.inputs.map(\.name) == names)
        }
    }

    @Test("a replay from the kept inputs alone gives the same setup, and no path of this machine is kept")
    func reload() throws {
        try ScenarioFixtures.withFolder(Self.files) { folder in
            var request = RunRequest()
            request.scenario = folder + "/full"
            request.manifests = [folder + "/extra.yaml"]
            request.settings = ["seed=8"]
            request.machines = ["a=3xm6i.large", "c=1xm6i.xlarge"]
            request.settings.append("faults[1].target.zone=us-east-1a")
            let first = try #require(ScenarioLoader.load(request).setup)
            let again = ScenarioLoader.reload(inputs: first.inputs)
            let second = try #require(again.setup, "\(again.diagnostics)")
            #expect(ScenarioFixtures.canonical(first) == ScenarioFixtures.canonical(second))
            #expect(second.seed == 8)
            #expect(!ScenarioFixtures.canonical(first).contains(folder))
        }
    }

    @Test("two paths of one name are kept apart")
    func sameNames() throws {
        let files: [(name: String, text: String)] = [
            ("s/scenario.yaml", "apiVersion: orrery.dev/v1\nkind: Scenario\nmetadata: {name: s}\nspec: {}\n"),
            ("s/manifests/a.yaml", ScenarioFixtures.web), ("manifests/a.yaml", Self.job),
        ]
        try ScenarioFixtures.withFolder(files) { folder in
            var request = RunRequest()
            request.scenario = folder + "/s/scenario.yaml"
            request.manifests = [folder + "/manifests"]
            request.machines = ["m6i.large"]
            let first = try #require(ScenarioLoader.load(request).setup)
            #expect(first.inputs.map(\.name) == ["request", "scenario.yaml", "manifests/a.yaml", "manifests~2/a.yaml"])
            let second = try #require(ScenarioLoader.reload(inputs: first.inputs).setup)
            #expect(ScenarioFixtures.canonical(first) == ScenarioFixtures.canonical(second))
        }
    }

    @Test("a file out of the manifests can be applied again later")
    func appliedAgain() throws {
        let scenario = """
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata: {name: s}
            spec:
              pools: [{name: a, machineType: m6i.large, count: 1}]
              changes: [{at: 1h, apply: manifests/a.yaml}]
            """
        let files = [("s/scenario.yaml", scenario), ("s/manifests/a.yaml", ScenarioFixtures.web)]
        try ScenarioFixtures.withFolder(files.map { (name: $0.0, text: $0.1) }) { folder in
            var request = RunRequest()
            request.scenario = folder + "/s"
            let first = try #require(ScenarioLoader.load(request).setup)
            #expect(first.inputs.map(\.name) == ["request", "scenario.yaml", "manifests/a.yaml"])
            #expect(first.changes.count == 1)
            let second = try #require(ScenarioLoader.reload(inputs: first.inputs).setup)
            #expect(ScenarioFixtures.canonical(first) == ScenarioFixtures.canonical(second))
        }
    }

    @Test("standard input is kept as a file")
    func standardInput() throws {
        var request = RunRequest()
        request.manifests = ["-"]
        request.machines = ["m6i.large"]
        let first = try #require(
            ScenarioLoader.load(request, standardInput: Array(ScenarioFixtures.web.utf8)).setup)
        #expect(first.name == "run")
        #expect(first.inputs.map(\.name) == ["request", "<stdin>"])
        let second = try #require(ScenarioLoader.reload(inputs: first.inputs).setup)
        #expect(ScenarioFixtures.canonical(first) == ScenarioFixtures.canonical(second))
    }

    @Test("inputs without a request cannot be replayed")
    func noRequest() {
        let loaded = ScenarioLoader.reload(inputs: [("web.yaml", ScenarioFixtures.web)])
        #expect(loaded.setup == nil)
        #expect(loaded.hasErrors)
    }

    // MARK: - Exports

    static let export = """
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Node
            metadata:
              name: n1
              labels: {node.kubernetes.io/instance-type: m6i.large, topology.kubernetes.io/zone: us-east-1b}
            status: {capacity: {cpu: "2", memory: 8Gi, pods: "29"}}
          - apiVersion: v1
            kind: Node
            metadata: {name: n2, labels: {node.kubernetes.io/instance-type: m6i.large}}
            status: {capacity: {cpu: "2", memory: 8Gi, pods: "29"}}
          - apiVersion: v1
            kind: Node
            metadata: {name: n3, labels: {node.kubernetes.io/instance-type: homebrew}}
            status: {capacity: {cpu: "4", memory: 8Gi, pods: "110"}}
          - apiVersion: v1
            kind: Pod
            metadata: {name: p, namespace: default, uid: 11111111-1111-1111-1111-111111111111}
            spec: {nodeName: n2, containers: [{name: main, image: x}]}
            status: {phase: Running}
          - apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: n1, namespace: kube-node-lease}
            spec: {renewTime: "2026-01-04T23:59:58.000000Z"}
        """

    @Test("the nodes of an export become machines, and its pods stay where they are")
    func exported() throws {
        let loaded = ScenarioFixtures.load(manifests: [("cluster.yaml", Self.export)])
        let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        #expect(setup.pools.map(\.name) == ["m6i-large", "homebrew"])
        #expect(setup.pools.map(\.zones) == [["us-east-1b", ""], [""]])
        #expect(setup.pools[0].templates?.map(\.metadata.name) == ["n1", "n2"])
        #expect(setup.pools.map(\.pricePerHour) == [NanoDollars(parsing: "0.096"), nil])
        #expect(setup.objects.count == 1)
        guard case .pod(let pod)? = setup.objects.first else { return #expect(Bool(false), "no pod") }
        #expect(pod.nodeName == "n2")
        #expect(
            setup.warnings == [
                "cluster.yaml:14:5: warning: no price is known of the machine type homebrew: 1 node(s) cost nothing"
            ])
    }

    @Test("a spot machine of an export costs nothing when no spot price is known")
    func exportedSpot() throws {
        let text = Self.export.replacing("instance-type: homebrew", with: "instance-type: homebrew, eks.amazonaws.com/capacityType: SPOT")
        let loaded = ScenarioFixtures.load(manifests: [("cluster.yaml", text)])
        #expect(ScenarioFixtures.warnings(loaded).contains { $0.contains("no spot price is known of the machine type homebrew") })
    }

    @Test("a change deletes machines of pools, and namespaces that objects imply, but for those of the system")
    func deletions() throws {
        let changes = ["{kind: Node, name: a-2}", "{kind: Namespace, name: shop}"].map { "{at: 1h, delete: \($0)}" }
        let manifest = ScenarioFixtures.web.replacing("{name: web}", with: "{name: web, namespace: shop}")
        let loaded = ScenarioFixtures.load(
            spec: "  duration: 2h\n  changes: [\(changes.joined(separator: ", "))]", manifest: manifest)
        var world = World(try #require(loaded.setup, "\(loaded.diagnostics)"))
        world.run()
        #expect(world.violation == nil)
        #expect(world.value(of: "nodes.ready") == 1)
        #expect(world.value(of: "pods.running") == 0 && world.objects(.deployment).isEmpty)
        let system = ScenarioFixtures.load(spec: "  changes: [{at: 1h, delete: {kind: Namespace, name: default}}]")
        #expect(ScenarioFixtures.errors(system).count == 1)
    }

    // MARK: - Warnings

    @Test("kinds that nobody acts on are told with their place, and are errors when strict")
    func fidelity() throws {
        let manifest =
            ScenarioFixtures.web + """

                ---
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: db}
                spec:
                  selector: {matchLabels: {app: db}}
                  updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 2}}
                  template:
                    metadata: {labels: {app: db}}
                    spec: {containers: [{name: db, image: "db:1", resources: {requests: {cpu: 100m, memory: 64Mi}}}]}
                """
        let line =
            "web.yaml:15:1: warning: maxUnavailable: not modelled yet; "
            + "pods are updated one at a time, as with the feature gate off that it needs"
        let loaded = ScenarioFixtures.load(manifests: [("web.yaml", manifest)]) { $0.machines = ["m6i.large"] }
        #expect(loaded.setup?.warnings == [line])
        let strict = ScenarioFixtures.load(manifests: [("web.yaml", manifest)]) {
            $0.machines = ["m6i.large"]
            $0.isStrict = true
        }
        #expect(ScenarioFixtures.errors(strict) == [line.replacing("warning", with: "error")])
    }

    @Test("an autoscaler that reads what nobody says is told of with its place")
    func autoscalers() {
        let manifest =
            ScenarioFixtures.web + """

                ---
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: web}
                spec:
                  scaleTargetRef: {kind: Deployment, name: web, apiVersion: apps/v1}
                  maxReplicas: 5
                  metrics:
                    - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}
                    - type: External
                      external: {metric: {name: queue}, target: {type: AverageValue, averageValue: "30"}}
                """
        let usage =
            "manifests/web.yaml:15:1: warning: nothing says what the pods of default/web use: they are taken to use what they "
            + "request, however many there are (workloads or services say more)"
        let metric =
            "manifests/web.yaml:15:1: warning: no entry of metrics is the External metric \"queue\" of default/web: it cannot be "
            + "read, and replicas do not go down"
        func warnings(_ spec: String) -> [String] {
            ScenarioFixtures.warnings(ScenarioFixtures.load(spec: spec, manifest: manifest))
        }
        let quiet = "  workloads: [{match: {name: web}, usage: {cpu: 200m}}]"
        let served = "\n  metrics: [{name: queue, type: External, value: 40}]"
        #expect(warnings("  seed: 1").filter { $0.contains("web.yaml") } == [usage, metric])
        #expect(warnings(quiet).filter { $0.contains("web.yaml") } == [metric])
        #expect(warnings(quiet + served).filter { $0.contains("web.yaml") } == [])
        #expect(warnings("  seed: 1" + served).filter { $0.contains("web.yaml") } == [usage])
    }

    @Test("a vertical autoscaler that cannot do what people expect is told of with its place")
    func verticalAutoscalers() {
        func manifest(_ spec: String, _ rest: String = "") -> String {
            ScenarioFixtures.web + """

                ---
                apiVersion: autoscaling.k8s.io/v1
                kind: VerticalPodAutoscaler
                metadata: {name: web}
                spec: {\(spec)}
                \(rest)
                """
        }
        func warnings(_ spec: String, _ rest: String = "", usage: String = "cpu: 200m") -> [String] {
            let quiet = usage.isEmpty ? "  seed: 1" : "  workloads: [{match: {name: web}, usage: {\(usage)}}]"
            let loaded = ScenarioFixtures.load(spec: quiet, manifest: manifest(spec, rest))
            return ScenarioFixtures.warnings(loaded).filter { $0.contains("web.yaml") }
        }
        let target = "targetRef: {kind: Deployment, name: web}"
        #expect(warnings(target) == [])
        #expect(
            warnings(target, usage: "") == [
                "manifests/web.yaml:15:1: warning: spec.targetRef: nothing says what the pods of default/web use: they are taken "
                    + "to use what the Deployment requests, and what is recommended follows from that (workloads or services "
                    + "say more)"
            ])
        #expect(
            warnings("targetRef: {kind: Deployment, name: wep}") == [
                "manifests/web.yaml:15:1: warning: spec.targetRef: the manifests have no Deployment default/wep: nothing is "
                    + "recommended until there is one (did you mean \"web\"?)"
            ])
        #expect(warnings("targetRef: {kind: Deploymnt, name: web}").count == 1)
        #expect(
            warnings(target + ", updatePolicy: {updateMode: InPlaceOrRecreate}") == [
                "manifests/web.yaml:18:77: warning: spec.updatePolicy.updateMode: pods are not resized in place: "
                    + "InPlaceOrRecreate does what Recreate does"
            ])
        let rival = """
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web}
            spec:
              scaleTargetRef: {kind: Deployment, name: web}
              maxReplicas: 5
              metrics:
                - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}
            """
        let conflict = warnings(target, rival)
        #expect(conflict.count == 1)
        #expect(conflict.first?.contains("spec.targetRef: the HorizontalPodAutoscaler web scales the same pods by their cpu") == true)
        #expect(warnings(target + ", updatePolicy: {updateMode: \"Off\"}", rival) == [])
        let memory = "resourcePolicy: {containerPolicies: [{containerName: \"*\", controlledResources: [memory]}]}"
        #expect(warnings("\(target), \(memory)", rival) == [])
    }

    @Test(
        "what is wrong with a metric is told with its place",
        arguments: [
            ("{type: External, value: 1}", "name"), ("{name: q, value: 1}", "type"),
            ("{name: q, type: External}", "exactly one of value, service"),
            ("{name: q, type: External, value: 1, service: web}", "exactly one of value, service"),
            ("{name: q, type: External, value: 10%}", "a number such as 120 or 0.5"),
            ("{name: q, type: External, value: 1, figure: inFlight}", "service beside it"),
            ("{name: q, type: Object, value: 1}", "what the metric describes"),
            ("{name: q, type: Object, value: 1, object: {kind: Servise, name: web}}", "Service"),
            ("{name: q, type: Pods, service: wep}", "there is no service \"wep\" under traffic"),
            ("{name: q, type: Podz, value: 1}", "Pods"),
        ])
    func metricMistakes(entry: String, told: String) {
        let loaded = ScenarioFixtures.load(spec: "  metrics: [\(entry)]")
        #expect(loaded.setup == nil)
        let errors = ScenarioFixtures.errors(loaded)
        #expect(errors.contains { $0.hasPrefix("scenario.yaml:") && $0.contains("spec.metrics[0]") && $0.contains(told) }, "\(errors)")
    }

    @Test("prices of another region are told once, and zones that are none")
    func regions() throws {
        let loaded = ScenarioFixtures.load(manifests: [("web.yaml", ScenarioFixtures.web)]) {
            $0.machines = ["2xm6i.large", "1xe2-standard-4"]
            $0.zones = ["eu-west-1a", "eu-west-1b", "zone-c"]
        }
        #expect(
            ScenarioFixtures.warnings(loaded) == [
                "--zones: warning: aws has no zone \"zone-c\" (expected zones such as us-east-1a, us-east-1b, "
                    + "us-east-1c)",
                "prices: warning: machines are in eu-west-1, their prices are those of aws/us-east-1; "
                    + "an overlay can give others",
            ])
    }

    @Test("the fidelity table names each part once and warns only of what is absent")
    func table() {
        let parts = Fidelity.table.map { "\($0.component) \($0.field)" }
        #expect(Set(parts).count == parts.count)
        #expect(Fidelity.text.split(separator: "\n").count == parts.count + 1)
        #expect(ScenarioMetric.all.map(\.name) == ScenarioMetric.all.map(\.name).sorted())
    }

    // MARK: - Real files

    @Test(
        "the shipped scenarios load without an error",
        arguments: [
            "first-steps/web-shop", "failures/zone-outage", "failures/registry-outage", "failures/node-crashes",
            "capacity/too-small", "batch/nightly",
        ])
    func shipped(path: String) throws {
        let root = try #require(ScenarioFixtures.root)
        var request = RunRequest()
        request.scenario = "\(root)/scenarios/\(path)"
        let loaded = ScenarioLoader.load(request)
        let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        #expect(!setup.assertions.isEmpty)
        #expect(path.hasSuffix("/" + setup.name))
        let again = try #require(ScenarioLoader.reload(inputs: setup.inputs).setup)
        #expect(ScenarioFixtures.canonical(setup) == ScenarioFixtures.canonical(again))
    }

    @Test(
        "manifests of real applications load when machines are given",
        arguments: ["dsb-hotel-reservation", "istio-bookinfo", "online-boutique"])
    func realManifests(name: String) throws {
        let root = try #require(ScenarioFixtures.root)
        let folder = "\(root)/../shared/data/manifests/\(name)"
        guard FileManager.default.fileExists(atPath: folder) else { return print("skipped: \(folder) is not here") }
        var request = RunRequest()
        request.manifests = [folder]
        request.machines = ["4xm6i.xlarge"]
        let loaded = ScenarioLoader.load(request)
        let setup = try #require(loaded.setup, "\(ScenarioFixtures.errors(loaded))")
        #expect(setup.objects.count > 5)
        #expect(setup.inputs.allSatisfy { !$0.name.hasPrefix("/") })
    }
}
