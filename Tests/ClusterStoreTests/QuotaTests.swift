import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

@Suite("Quotas")
struct QuotaTests {
    private static func amounts(_ text: String) -> ResourceList {
        var list = ResourceList()
        for part in text.split(separator: " ") {
            let sides = part.split(separator: "=")
            list[ResourceName(String(sides[0]))] = Quantity(parsing: String(sides[1]))
        }
        return list
    }

    private static func pod(_ name: String, cpu: String? = nil, memory: String? = nil) -> Pod {
        var pod = newPod(name)
        if let cpu { pod.spec.containers[0].requests[.cpu] = Quantity(parsing: cpu) }
        if let memory { pod.spec.containers[0].limits[.memory] = Quantity(parsing: memory) }
        return pod
    }

    /// A store with a quota that its controller has counted.
    private static func store(_ hard: String, used: String, scopes: [String] = []) throws -> ObjectStore {
        var store = ObjectStore(seed: 1)
        var quota = ResourceQuota(metadata: ObjectMeta(name: "q", namespace: "default"))
        quota.hard = amounts(hard)
        quota.scopes = scopes
        guard case .resourceQuota(var stored) = try store.add(.resourceQuota(quota)) else { return store }
        stored.statusHard = stored.hard
        stored.used = amounts(used)
        try store.apply(.updateStatus(.resourceQuota(stored)), now: at(0))
        return store
    }

    private static func used(_ store: ObjectStore) -> String {
        let key = ObjectKey(.resourceQuota, namespace: "default", name: "q")
        guard case .resourceQuota(let quota)? = store.object(key) else { return "" }
        return quota.used.entries.map { "\($0.name)=\($0.amount)" }.joined(separator: " ")
    }

    @Test(
        "admit what fits and charge it, and refuse the rest in upstream's words",
        arguments: [
            ("pods=2", "pods=1", pod("a"), nil, "pods=2"),
            (
                "pods=2", "pods=2", pod("a"), "exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2",
                "pods=2"
            ),
            ("requests.cpu=2", "requests.cpu=500m", pod("a", cpu: "1"), nil, "requests.cpu=1500m"),
            (
                "pods=9 requests.cpu=2 limits.memory=1Gi", "pods=0 requests.cpu=1500m limits.memory=0",
                pod("a", cpu: "1", memory: "2Gi"),
                "exceeded quota: q, requested: limits.memory=2Gi,requests.cpu=1, "
                    + "used: limits.memory=0,requests.cpu=1500m, limited: limits.memory=1Gi,requests.cpu=2",
                "limits.memory=0 pods=0 requests.cpu=1500m"
            ),
            (
                "requests.cpu=2 limits.memory=1Gi", "requests.cpu=0 limits.memory=0", pod("a"),
                "failed quota: q: must specify limits.memory for: main; requests.cpu for: main",
                "limits.memory=0 requests.cpu=0"
            ),
            ("pods=2", "", pod("a"), "status unknown for quota: q, resources: pods", ""),
            ("services=0", "services=0", pod("a"), nil, "services=0"),
            ("count/pods=1", "count/pods=0", pod("a"), nil, "count/pods=1"),
        ] as [(String, String, Pod, String?, String)])
    func admission(_ hard: String, _ used: String, _ pod: Pod, _ refusal: String?, _ after: String) throws {
        var store = try Self.store(hard, used: used)
        do {
            _ = try store.add(pod)
            #expect(refusal == nil)
        } catch let error as ActionError {
            #expect(error == .forbidden("pods \"a\" is forbidden: \(refusal ?? "")"))
            #expect(store.count(of: .pod) == 0)
        }
        #expect(Self.used(store) == after)
        #expect(store.checkIndexes().isEmpty)
    }

    @Test(
        "concern the pods of their scopes only",
        arguments: [
            ("BestEffort", true), ("NotBestEffort", false), ("Terminating", false), ("NotTerminating", true),
            ("PriorityClass", false),
        ])
    func scopes(_ scope: String, _ isCharged: Bool) throws {
        var store = try Self.store("pods=0", used: "pods=0", scopes: [scope])
        if isCharged {
            #expect(throws: ActionError.self) { try store.add(newPod("a")) }
        } else {
            _ = try store.add(newPod("a"))
            #expect(Self.used(store) == "pods=0")
        }
    }

    @Test("bound nothing before they are counted, nor what is loaded")
    func fresh() throws {
        var store = ObjectStore(seed: 1)
        var quota = ResourceQuota(metadata: ObjectMeta(name: "q", namespace: "default"))
        quota.hard = Self.amounts("pods=0")
        _ = try store.add(.resourceQuota(quota))
        _ = try store.add(newPod("a"))
        #expect(store.count(of: .pod) == 1)
    }

    @Test("charge a claim that grows, and a service that takes ports of nodes")
    func updates() throws {
        let hard = "requests.storage=5Gi services.nodeports=2"
        var store = try Self.store(hard, used: "requests.storage=0 services.nodeports=0")
        var growing = StorageClass(metadata: ObjectMeta(name: "growing"))
        growing.provisioner = "ebs.csi.aws.com"
        growing.allowsExpansion = true
        _ = try store.add(.storageClass(growing))
        var spec = PersistentVolumeClaimSpec()
        spec.request = Quantity(parsing: "2Gi") ?? .zero
        spec.storageClassName = "growing"
        let draft = PersistentVolumeClaim(metadata: ObjectMeta(name: "c", namespace: "default"), spec: spec)
        guard case .persistentVolumeClaim(var claim) = try store.add(.persistentVolumeClaim(draft)) else { return }
        claim.metadata.resourceVersion = 0
        claim.phase = "Bound"
        try store.apply(.updateStatus(.persistentVolumeClaim(claim)), now: at(1))
        claim.spec.request = Quantity(parsing: "6Gi") ?? .zero
        let refusal = ActionError.forbidden(
            "persistentvolumeclaims \"c\" is forbidden: exceeded quota: q, requested: requests.storage=4Gi, "
                + "used: requests.storage=2Gi, limited: requests.storage=5Gi")
        #expect(throws: refusal) { try store.apply(.update(.persistentVolumeClaim(claim)), now: at(1)) }
        claim.spec.request = Quantity(parsing: "5Gi") ?? .zero
        try store.apply(.update(.persistentVolumeClaim(claim)), now: at(1))
        var service = Service(metadata: ObjectMeta(name: "s", namespace: "default"))
        service.ports = [Service.Port(port: 1), Service.Port(name: "b", port: 2)]
        guard case .service(var stored) = try store.add(.service(service)) else { return }
        #expect(Self.used(store) == "requests.storage=5Gi services.nodeports=0")
        stored.type = "NodePort"
        try store.apply(.update(.service(stored)), now: at(2))
        #expect(Self.used(store) == "requests.storage=5Gi services.nodeports=2")
        stored.metadata.resourceVersion = 0
        stored.ports.append(Service.Port(name: "c", port: 3))
        #expect(throws: ActionError.self) { try store.apply(.update(.service(stored)), now: at(3)) }
    }

    @Test("name objects of other kinds by resource and group")
    func deployments() throws {
        var store = try Self.store("count/replicasets.apps=0", used: "count/replicasets.apps=0")
        let refusal = ActionError.forbidden(
            "replicasets.apps \"rs\" is forbidden: exceeded quota: q, requested: count/replicasets.apps=1, "
                + "used: count/replicasets.apps=0, limited: count/replicasets.apps=0")
        #expect(throws: refusal) { try store.add(newReplicaSet("rs")) }
    }

    @Test(
        "what is fixed in a job cannot change",
        arguments: [
            ("completions of a plain job", false, 3, 1, "spec.completions: Invalid value: 3: field is immutable"),
            (
                "completions apart from parallelism", true, 3, 1,
                "spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism"
            ),
            ("both together", true, 3, 3, nil), ("parallelism", false, 2, 9, nil),
        ] as [(String, Bool, Int64, Int64, String?)])
    func jobUpdate(
        _ name: String, _ indexed: Bool, _ completions: Int64, _ parallelism: Int64, _ refusal: String?
    ) throws {
        var store = ObjectStore(seed: 1)
        var spec = Job.Spec()
        spec.completions = 2
        spec.indexed = indexed
        let job = Job(metadata: ObjectMeta(name: "j", namespace: "default"), spec: spec)
        guard case .job(var stored) = try store.add(.job(job)) else { return }
        stored.spec.completions = completions
        stored.spec.parallelism = parallelism
        do {
            try store.apply(.update(.job(stored)), now: at(1))
            #expect(refusal == nil, "\(name)")
        } catch {
            #expect(error == .invalid(refusal ?? ""), "\(name)")
        }
    }
}
