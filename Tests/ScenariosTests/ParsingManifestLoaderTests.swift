import Chronology
import Foundation
import KubernetesAPI
import Scenarios
import Testing

@Suite("Loading manifests")
struct ParsingManifestLoaderTests {
    @Test("real manifests are read without an error")
    func realManifests() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data/manifests").path
        guard FileManager.default.fileExists(atPath: folder) else { return print("skipped: no \(folder)") }
        let sets = ["online-boutique": 35, "dsb-hotel-reservation": 50]
        for (name, count) in sets.sorted(by: { $0.key < $1.key }) {
            let loaded = ManifestLoader(startDate: testStart).load(paths: ["\(folder)/\(name)"])
            #expect(loaded.diagnostics.filter { $0.severity != .note }.map(\.description) == [])
            #expect(loaded.objects.count == count, "\(name)")
        }
        // The variants of this application repeat each other's objects: each file is read alone.
        let files = try #require(FileManager.default.enumerator(atPath: "\(folder)/istio-bookinfo"))
        for case let file as String in files where file.hasSuffix(".yaml") {
            let loaded = ManifestLoader(startDate: testStart).load(paths: ["\(folder)/istio-bookinfo/\(file)"])
            #expect(loaded.diagnostics.filter { $0.severity != .note }.map(\.description) == [])
            #expect(!loaded.objects.isEmpty)
        }
    }

    @Test(
        "a pod's huge pages are what it says, and else its containers'",
        arguments: [("{limits: {memory: 1Gi, hugepages-2Mi: 4Mi}}", 4), ("{limits: {memory: 1Gi}}", 2)])
    func hugePages(resources: String, mebibytes: Int64) throws {
        let pod = try object(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: p}
            spec:
              resources: \(resources)
              containers: [{name: c, image: i, resources: {limits: {memory: 1Gi, hugepages-2Mi: 2Mi}}}]
            """
        ).asPod
        let spec = try #require(pod?.spec)
        #expect(spec.requests["hugepages-2Mi"] == Quantity(mebibytes << 20))
        #expect(spec.limits["hugepages-2Mi"] == Quantity(mebibytes << 20))
    }

    @Test("lists and typed lists are expanded, in documents and in JSON")
    func lists() {
        let text = """
            {"apiVersion": "v1", "kind": "PodList", "metadata": {"resourceVersion": "1"}, "items": [
              {"metadata": {"name": "a"}, "spec": {"containers": [{"name": "c", "image": "i"}]}},
              {"metadata": {"name": "b"}, "spec": {"containers": [{"name": "c", "image": "i"}]}}]}
            {"apiVersion": "v1", "kind": "List", "items": [
              {"apiVersion": "v1", "kind": "List", "items": [
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n"}}]}]}
            """
        let loaded = load(text)
        #expect(loaded.objects.map(\.object.key.description) == ["Pod default/a", "Pod default/b", "Namespace n"])
        #expect(loaded.objects[1].place.description == "test.yaml:3:3")
        #expect(!loaded.hasErrors)
    }

    @Test("an export of a live pod keeps node, status and times")
    func export() throws {
        let pod = try #require(
            object(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  creationTimestamp: "2025-12-31T23:59:00Z"
                  generateName: web-
                  labels: {app: web}
                  managedFields: [{manager: kubelet, operation: Update}]
                  name: web-1
                  namespace: shop
                  ownerReferences:
                  - {apiVersion: apps/v1, blockOwnerDeletion: true, controller: true, kind: ReplicaSet, name: web, uid: 7d1b1d4e-3a5c-4a64-9b52-0a1f1d6d3f00}
                  resourceVersion: "12345"
                  uid: 00000000-0000-0001-0000-000000000002
                spec:
                  nodeName: node-1
                  priority: 5
                  containers:
                  - name: c
                    image: nginx
                    resources: {limits: {cpu: 500m, memory: 1Gi}}
                    env: [{name: A, value: b}]
                  schedulingGates: [{name: g}]
                status:
                  phase: Running
                  podIP: 10.0.0.1
                  nominatedNodeName: node-2
                  startTime: "2026-01-01T00:00:30Z"
                  conditions: [{type: Ready, status: "True", lastProbeTime: null, lastTransitionTime: "2026-01-01T00:01:00Z"}]
                  containerStatuses:
                  - {name: c, ready: true, restartCount: 2, state: {running: {startedAt: "2026-01-01T00:00:40Z"}}, lastState: {}}
                """
            ).asPod)
        #expect(pod.nodeName == "node-1")
        #expect(pod.metadata.creationTimestamp == Instant(nanoseconds: -60_000_000_000))
        #expect(pod.metadata.uid == UID(high: 1, low: 2))
        #expect(pod.metadata.resourceVersion == 12_345)
        #expect(pod.metadata.controllerReference?.name == "web")
        #expect(pod.spec.containers[0].requests[.cpu] == Quantity(milli: 500))
        #expect(pod.spec.containers[0].imagePullPolicy == .always)
        #expect(pod.spec.schedulingGates == ["g"])
        #expect(pod.spec.priority == 5)
        #expect(pod.status.phase == .running)
        #expect(pod.status.nominatedNodeName == "node-2")
        #expect(pod.status.startTime == Instant.start + .seconds(30))
        #expect(pod.isReady)
        #expect(pod.status.containerStatuses[0].restartCount == 2)
        #expect(pod.status.containerStatuses[0].lastTermination == nil)
    }

    @Test("defaults are those of the API server")
    func defaults() throws {
        let deployment = try #require(
            object(ParsingMalformedTests.deployment("")).asDeployment)
        #expect(deployment.spec.replicas == 1)
        #expect(deployment.spec.strategy == .rollingUpdate(maxUnavailable: .percent(25), maxSurge: .percent(25)))
        #expect(deployment.spec.revisionHistoryLimit == 10)
        #expect(deployment.spec.progressDeadlineSeconds == 600)
        #expect(deployment.spec.template.spec.terminationGracePeriodSeconds == 30)
        #expect(deployment.metadata.namespace == "default")
        let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {%template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}"
        for (fields, parallelism, completions) in [("", 1, 1), ("parallelism: 3, ", 3, nil), ("completions: 4, ", 1, 4)] as [(String, Int64, Int64?)] {
            guard case .job(let object) = try object(job.replacing("%", with: fields)) else {
                Issue.record("not a job")
                continue
            }
            #expect(object.spec.parallelism == parallelism)
            #expect(object.spec.completions == completions)
            #expect(object.spec.backoffLimit == 6)
            #expect(object.spec.podReplacementPolicy == .terminatingOrFailed)
        }
        let hostNetwork = try #require(
            object("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {hostNetwork: true, containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}").asPod)
        #expect(hostNetwork.spec.containers[0].ports[0].hostPort == 80)
    }

    @Test("an autoscaler of version 1 has the metrics and the behavior of its annotations")
    func legacyAutoscaler() throws {
        let text = """
            apiVersion: autoscaling/v1
            kind: HorizontalPodAutoscaler
            metadata:
              name: h
              annotations:
                autoscaling.alpha.kubernetes.io/metrics: '[{"type":"Resource","resource":{"name":"memory","targetAverageUtilization":50}},
                  {"type":"Pods","pods":{"metricName":"rps","targetAverageValue":"10"}}]'
                autoscaling.alpha.kubernetes.io/behavior: '{"ScaleUp":null,"ScaleDown":{"StabilizationWindowSeconds":60,"SelectPolicy":"Disabled","Policies":[{"Type":"Pods","Value":1,"PeriodSeconds":60}]}}'
            spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}, maxReplicas: 5, targetCPUUtilizationPercentage: 70}
            """
        guard case .horizontalPodAutoscaler(let autoscaler) = try object(text) else { return }
        #expect(autoscaler.metrics.map(\.averageUtilization) == [50, nil, 70])
        #expect(autoscaler.metrics[1].averageValue == Quantity(10))
        #expect(autoscaler.behavior.scaleUp == nil)
        #expect(autoscaler.behavior.scaleDown?.selectPolicy == .disabled)
        #expect(autoscaler.behavior.scaleDown?.policies.count == 1)
    }

    @Test("what would route requests elsewhere is warned about, unless it says what holds anyway")
    func routing() {
        func warnings(_ fields: String) -> Int {
            load("apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}], \(fields)}")
                .diagnostics.count { $0.severity == .warning }
        }
        #expect(warnings("sessionAffinity: None, internalTrafficPolicy: Cluster, externalTrafficPolicy: Cluster") == 0)
        #expect(warnings("sessionAffinity: ClientIP, internalTrafficPolicy: Local, trafficDistribution: PreferClose") == 3)
    }

    @Test("fields without influence are noted once, and those that matter are warned about once")
    func classes() throws {
        let pods = (0..<5).map {
            "- {apiVersion: v1, kind: Pod, metadata: {name: p\($0)}, spec: {runtimeClassName: kata, containers: [{name: c, image: i, env: [{name: a}], command: [x]}]}}"
        }.joined(separator: "\n")
        let text = "apiVersion: v1\nkind: List\nitems:\n\(pods)"
        let found = load(text).diagnostics
        try #require(found.map(\.severity) == [.warning, .note])
        #expect(found[0].path == "spec.runtimeClassName")
        #expect(found[0].count == 5)
        #expect(found[1].message.contains("spec.containers[].env (5)"))
        #expect(load(text, strict: true).diagnostics.filter { $0.severity == .error }.count == 5)
    }

    @Test("kinds that are not modelled are kept, with a note or a warning")
    func kinds() {
        let text = """
            ---
            {apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}
            ---
            {apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: a, namespace: nn}, spec: {anything: 1}}
            ---
            {apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: a}}
            ---
            {apiVersion: apps/v1, kind: Deploymnet, metadata: {name: a}}
            """
        let loaded = load(text)
        #expect(loaded.objects.count == 4)
        #expect(loaded.objects.allSatisfy { $0.object.kind == .other })
        #expect(loaded.diagnostics.map(\.severity) == [.warning, .warning, .warning, .note])
        #expect(loaded.diagnostics.dropFirst(2).first?.nearest == "Deployment")
        #expect(load(text, strict: true).hasErrors)
    }

    @Test("files and folders are read in name order; - is standard input")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("orrery-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("b"), withIntermediateDirectories: true)
        for name in ["c.yml", "b/a.yaml", "a.json", ".hidden.yaml", "notes.txt"] {
            let text = #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"\#(name.filter(\.isLetter).lowercased())"}}"#
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        let loader = ManifestLoader(startDate: testStart)
        let input = Array("{apiVersion: v1, kind: Namespace, metadata: {name: input}}".utf8)
        let loaded = loader.load(paths: [folder.path, "-"], standardInput: [0x20] + input)
        // A JSON reader takes what starts with a brace, so the YAML on standard input is refused.
        #expect(loaded.objects.map(\.object.metadata.name) == ["ajson", "bayaml", "cyml"])
        #expect(loaded.files.map(\.name).last == "<stdin>")
        #expect(loaded.files.allSatisfy { $0.digest.count == 64 && !$0.contents.isEmpty })
        #expect(loader.load(paths: ["/no/such"]).hasErrors)
        #expect(loader.load(paths: ["-"]).hasErrors)
    }

    @Test("objects that own each other are refused")
    func owners() {
        func pod(_ name: String, _ uid: Int, _ owner: Int) -> String {
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: \(name), uid: u\(uid), ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: x, uid: u\(owner)}]}}"
        }
        let text = "---\n" + pod("a", 1, 2) + "\n---\n" + pod("b", 2, 1) + "\n---\n" + pod("c", 3, 1)
        #expect(errors(in: text).filter { $0.contains("owns itself") }.count == 2)
    }

    @Test("an object in two files is taken from the last one, with a warning that names both places")
    func twice() {
        let text = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}"
        let loaded = ManifestLoader(startDate: testStart).load(texts: [("a.yaml", text), ("b.yaml", text)])
        #expect(loaded.diagnostics.map(\.description) == ["b.yaml:1:1: warning: Namespace a stands in a.yaml:1:1 already: this one counts"])
        #expect(loaded.objects.map(\.place.file) == ["b.yaml"])
    }
}
