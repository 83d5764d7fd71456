import Chronology
import KubernetesAPI
import Observations
import Testing

@testable import Exports

@Suite("Families of objects")
struct ObjectFamilyTests {
    /// The samples of an object, without those of which a test says nothing, as lines.
    private func lines(
        _ object: KubernetesObject, machines: [String: NodeRow] = [:], of prefix: String
    ) throws -> Set<String> {
        var offset = 0
        for exporter in KindExporter.all {
            defer { offset += exporter.families.count }
            guard exporter.kind == object.kind else { continue }
            let readings = exporter.readings(of: object, ExportContext(machines: machines), offset: offset)
            return Set(
                readings.compactMap { reading in
                    let name = ExportFamilies.all[reading.family].sampleName
                    guard name.hasPrefix(prefix) else { return nil }
                    return "\(name){\(reading.labels)} \(Self.text(reading.value))"
                })
        }
        Issue.record("no family tells of a \(object.kind)")
        return []
    }

    private static func text(_ value: MetricSample.Value) -> String {
        switch value {
        case .number(let number): OpenMetricsText.text(number)
        case .time(let instant): "at \(instant.sinceStart)"
        }
    }

    private let scraped = "job=\"kube-state-metrics\",instance=\"kube-state-metrics:8443\""

    private func metadata(_ name: String, namespace: String = "shop") -> ObjectMeta {
        var metadata = ObjectMeta(name: name, namespace: namespace, labels: ["app": "web"])
        metadata.uid = UID(high: 0, low: 7)
        return metadata
    }

    private func loopingPod() -> Pod {
        var container = Container(name: "main", image: "web:1")
        container.requests = [.cpu: Quantity(milli: 250), .memory: Quantity(1 << 30)]
        var pod = Pod(metadata: metadata("web-1"), spec: PodSpec(containers: [container]), nodeName: "n1")
        pod.metadata.ownerReferences = [
            OwnerReference(
                apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-abc", uid: UID(high: 0, low: 9), controller: true,
                blockOwnerDeletion: true)
        ]
        var status = ContainerStatus(name: "main", state: .waiting(reason: "CrashLoopBackOff"))
        status.restartCount = 4
        status.lastTermination = .terminated(
            exitCode: 1, reason: "Error", startedAt: .start, finishedAt: .start + .seconds(90))
        pod.status.containerStatuses = [status]
        pod.status.phase = .running
        pod.status.conditions = [
            Condition(Condition.ready, .false, reason: "ContainersNotReady", message: "", at: .start)
        ]
        return pod
    }

    @Test("a pod in a crash loop is told of as kube-state-metrics does")
    func looping() throws {
        let pod = KubernetesObject.pod(loopingPod())
        let uid = UID(high: 0, low: 7).description
        let named = "namespace=\"shop\",pod=\"web-1\",uid=\"\(uid)\""
        let status = try lines(pod, of: "kube_pod_container_status_")
        for (name, labels, value) in [
            ("waiting_reason", ",reason=\"CrashLoopBackOff\"", "1"), ("restarts_total", "", "4"), ("ready", "", "0"),
            ("waiting", "", "1"), ("running", "", "0"), ("terminated", "", "0"),
            ("last_terminated_reason", ",reason=\"Error\"", "1"), ("last_terminated_exitcode", "", "1"),
            ("last_terminated_timestamp", "", "at 1m30s"),
        ] {
            let line = "kube_pod_container_status_\(name){\(named),container=\"main\"\(labels),\(scraped)} \(value)"
            #expect(status.contains(line), "\(line) is not in \(status.sorted())")
        }
        #expect(status.count == 9)
        #expect(
            try lines(pod, of: "kube_pod_owner") == [
                "kube_pod_owner{\(named),owner_kind=\"ReplicaSet\",owner_name=\"web-abc\",owner_is_controller=\"true\",\(scraped)} 1"
            ])
        #expect(
            try lines(pod, of: "kube_pod_container_resource_requests") == [
                "kube_pod_container_resource_requests{\(named),container=\"main\",node=\"n1\",resource=\"cpu\",unit=\"core\",\(scraped)} 0.25",
                "kube_pod_container_resource_requests{\(named),container=\"main\",node=\"n1\",resource=\"memory\",unit=\"byte\",\(scraped)} 1073741824",
            ])
        let phases = try lines(pod, of: "kube_pod_status_phase")
        #expect(phases.count == 5 && phases.count { $0.hasSuffix(" 1") } == 1)
        #expect(phases.contains("kube_pod_status_phase{\(named),phase=\"Running\",\(scraped)} 1"))
        #expect(
            try lines(pod, of: "kube_pod_status_ready") == [
                "kube_pod_status_ready{\(named),condition=\"true\",\(scraped)} 0",
                "kube_pod_status_ready{\(named),condition=\"false\",\(scraped)} 1",
                "kube_pod_status_ready{\(named),condition=\"unknown\",\(scraped)} 0",
            ])
    }

    @Test("a machine that is not ready, and what an hour of it costs")
    func node() throws {
        var node = Node(metadata: metadata("n1", namespace: ""))
        node.spec.taints = [Taint(key: "node.kubernetes.io/unreachable", effect: .noExecute)]
        node.status.capacity = [.cpu: Quantity(4), .memory: Quantity(16 << 30)]
        node.status.conditions = [Condition("Ready", .unknown, reason: "", message: "", at: .start)]
        let machine = NodeRow(
            node: 1, name: "n1", machineType: "m6i.xlarge", zone: "a", pool: "p", purchase: "spot",
            pricePerHour: 192_000_000, capacityCPU: 4_000, capacityMemory: 16 << 30, capacityGPU: 0,
            allocatableCPU: 3_900, allocatableMemory: 15 << 30, allocatablePods: 58, allocatableGPU: 0,
            launchedAt: .start)
        let object = KubernetesObject.node(node)
        #expect(
            try lines(object, of: "kube_node_status_condition") == [
                "kube_node_status_condition{node=\"n1\",condition=\"Ready\",status=\"true\",\(scraped)} 0",
                "kube_node_status_condition{node=\"n1\",condition=\"Ready\",status=\"false\",\(scraped)} 0",
                "kube_node_status_condition{node=\"n1\",condition=\"Ready\",status=\"unknown\",\(scraped)} 1",
            ])
        #expect(
            try lines(object, of: "kube_node_spec_taint") == [
                "kube_node_spec_taint{node=\"n1\",key=\"node.kubernetes.io/unreachable\",effect=\"NoExecute\",\(scraped)} 1"
            ])
        // Its kubelet does not answer.
        #expect(try lines(object, of: "machine_").isEmpty)
        node.status.conditions = [Condition("Ready", .true, reason: "", message: "", at: .start)]
        #expect(
            try lines(.node(node), of: "machine_memory_bytes") == [
                "machine_memory_bytes{node=\"n1\",job=\"kubelet\",metrics_path=\"/metrics/cadvisor\",instance=\"n1:10250\"} 17179869184"
            ])
        // Without a price nothing is told of money.
        #expect(try lines(object, of: "node_").isEmpty)
        let price = try #require(NodePrice(machine))
        #expect(price.total == 0.192 && price.isSpot)
        #expect(abs(4 * price.core + 16 * price.gibibyte - price.total) < 1e-9)
        #expect(
            try lines(object, machines: ["n1": machine], of: "node_total_hourly_cost") == [
                "node_total_hourly_cost{node=\"n1\",instance=\"n1\",instance_type=\"m6i.xlarge\",job=\"opencost\"} 0.192"
            ])
    }

    @Test("a Job tells why it failed, once it has")
    func job() throws {
        var job = Job(metadata: metadata("etl"), spec: Job.Spec())
        let named = "namespace=\"shop\",job_name=\"etl\""
        #expect(try lines(.job(job), of: "kube_job_status_failed") == ["kube_job_status_failed{\(named),\(scraped)} 0"])
        job.status.failed = 2
        #expect(try lines(.job(job), of: "kube_job_status_failed") == ["kube_job_status_failed{\(named),\(scraped)} 2"])
        job.status.conditions = [
            Condition("Failed", .true, reason: "BackoffLimitExceeded", message: "", at: .start)
        ]
        let failed = try lines(.job(job), of: "kube_job_status_failed")
        #expect(failed.contains("kube_job_status_failed{\(named),reason=\"BackoffLimitExceeded\",\(scraped)} 1"))
        #expect(failed.count == 3)
        #expect(try lines(.job(job), of: "kube_job_failed").contains("kube_job_failed{\(named),condition=\"true\",\(scraped)} 1"))
    }
}
