import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI

/// Carries out a case: creates its objects, does the steps of its script, and knows when it is over.
final class ReplayScript {
    /// How long nothing may have changed for the cluster to count as settled.
    static let settledAfter = Duration.milliseconds(1_800)
    /// How long a case may take at most.
    static let lengthMax = Duration.seconds(900)
    static let namespace = "default"

    private let golden: ControllerCase
    private let cluster: ReplayCluster
    private let start: Instant
    private var lastStep: Instant
    private(set) var isOver = false
    private var ghosts: UInt64 = 0

    init(_ golden: ControllerCase, _ cluster: ReplayCluster) {
        self.golden = golden
        self.cluster = cluster
        start = cluster.now
        lastStep = start
        for (place, tree) in golden.objects.enumerated() {
            cluster.at(start + golden.objectGap * Int64(place)) { [unowned self] in create(tree, isInitial: true) }
        }
        let last = start + golden.objectGap * Int64(max(0, golden.objects.count - 1))
        cluster.at(start) { [unowned self] in cluster.trace.stepTimes = [start] }
        if let horizon = golden.horizon { cluster.at(start + horizon) { [unowned self] in isOver = true } }
        plan(0, earliest: last)
    }

    private func plan(_ place: Int, earliest: Instant? = nil) {
        guard place < golden.steps.count else {
            if golden.horizon == nil { whenSettled(since: earliest ?? lastStep) { [unowned self] in isOver = true } }
            return
        }
        let step = golden.steps[place]
        if let after = step.after {
            cluster.at(lastStep + after) { [unowned self] in carryOut(place) }
        } else {
            whenSettled(since: earliest ?? lastStep) { [unowned self] in carryOut(place) }
        }
    }

    /// Calls `body` once nothing has changed for a while.
    private func whenSettled(since: Instant, _ body: @escaping () -> Void) {
        let due = max(since, cluster.lastChange) + Self.settledAfter
        if cluster.now - start > Self.lengthMax { return body() }
        cluster.at(cluster.kubelet.isBusy ? max(due, cluster.now + .milliseconds(100)) : due) { [unowned self] in
            if cluster.now >= max(since, cluster.lastChange) + Self.settledAfter, !cluster.kubelet.isBusy {
                body()
            } else {
                whenSettled(since: since, body)
            }
        }
    }

    private func carryOut(_ place: Int) {
        lastStep = cluster.now
        cluster.trace.stepTimes.append(cluster.now)
        act(golden.steps[place])
        plan(place + 1)
    }

    // MARK: - Steps

    private func act(_ step: ScriptStep) {
        let kindName = step.text("kind")
        let name = step.text("name")
        switch step.action {
        case "create": create(step.tree["object"] ?? .mapping([]), isInitial: false)
        case "apply":
            let tree = step.tree["object"] ?? .mapping([])
            let key = self.key(tree["kind"]?.string ?? "", tree["metadata"]?["name"]?.string ?? "")
            if cluster.view.object(key) == nil {
                create(tree, isInitial: false)
            } else {
                patch(key, tree, "strategic", subresource: "", step: "apply \(tree["kind"]?.string ?? "") \(key.name)")
            }
        case "patch":
            let type = step.tree["type"]?.string ?? "strategic"
            patch(
                key(kindName, name), step.tree["patch"] ?? .mapping([]), type, subresource: step.text("subresource"),
                step: "patch \(kindName) \(name)")
        case "scale":
            let change = ManifestTree.mapping([("spec", .mapping([("replicas", step.tree["replicas"])]))])
            patch(key(kindName, name), change, "merge", subresource: "", step: "scale \(kindName) \(name)")
        case "delete":
            let propagation: DeletionPropagation? =
                switch step.text("propagationPolicy") {
                case "Background": .background
                case "Foreground": .foreground
                case "Orphan": .orphan
                default: nil
                }
            let grace = step.tree["gracePeriodSeconds"]?.integer
            let action = Action.delete(
                key(kindName, name), uid: nil, gracePeriodSeconds: grace, propagation: propagation)
            request(action, step: "delete \(kindName) \(name)", code: 200)
        case "evict":
            let pod = step.text("pod")
            request(.evict(pod: key("Pod", pod)), step: "evict \(pod)", code: 201)
        case "podReady", "podNotReady", "podExit": touchPod(step)
        case "wait": answer("wait", 200)
        default: touchNode(step)
        }
    }

    private func touchPod(_ step: ScriptStep) {
        let name = step.text("pod")
        answer("\(step.action) \(name)", 200)
        guard case .pod(var pod)? = cluster.view.object(key("Pod", name)) else { return }
        if step.action == "podExit" {
            cluster.exit(pod, code: Int32(step.tree["exitCode"]?.integer ?? 0))
        } else {
            cluster.setReady(&pod, step.action == "podReady")
            cluster.write(pod)
        }
    }

    private func touchNode(_ step: ScriptStep) {
        let name = step.tree["node"]?.string ?? step.tree["node"]?["name"]?.string ?? ""
        answer("\(step.action) \(name)", step.action == "addNode" ? 201 : 200)
        if step.action == "addNode" {
            let tree = step.tree["node"].map { $0.string.map { .mapping([("name", .text($0))]) } ?? $0 }
            guard let tree else { return }
            cluster.apply(.create(.node(ReplayNodes.node(tree, caseName: golden.name, now: cluster.now))))
            return
        }
        guard var node = cluster.view.node(name) else { return }
        node.metadata.resourceVersion = 0
        switch step.action {
        case "cordon", "uncordon":
            node.spec.unschedulable = step.action == "cordon"
            cluster.apply(.update(.node(node)))
        case "taint":
            let removed = (step.tree["remove"]?.elements ?? []).compactMap { $0["key"]?.string ?? $0.string }
            let added = ReplayNodes.taints(step.tree["taints"])
            node.spec.taints.removeAll { taint in
                removed.contains(taint.key) || added.contains { $0.key == taint.key }
            }
            node.spec.taints += added
            cluster.apply(.update(.node(node)))
        case "labelNode":
            for entry in step.tree["labels"]?.entries ?? [] { node.metadata.labels[entry.key] = entry.value.string }
            cluster.apply(.update(.node(node)))
        case "nodeDown":
            let metadata = ObjectMeta(name: name, namespace: "kube-node-lease")
            cluster.apply(.create(.lease(Lease(metadata: metadata, renewTime: cluster.now))))
            cluster.stopKubelet(of: name)
        case "nodeUp":
            let lease = ObjectKey(.lease, namespace: "kube-node-lease", name: name)
            cluster.apply(.delete(lease, uid: nil, gracePeriodSeconds: nil, propagation: .background))
            cluster.apply(.patchNodeConditions(name, ReplayNodes.conditions(at: cluster.now)))
            cluster.resumeKubelet(of: name)
        case "removeNode":
            cluster.stopKubelet(of: name)
            cluster.apply(.delete(node.key, uid: nil, gracePeriodSeconds: nil, propagation: .background))
        default: break
        }
    }

    // MARK: - Requests

    /// Returns the key of an object that a step names.
    private func key(_ kind: String, _ name: String) -> ObjectKey {
        guard let known = ObjectKind(name: kind), KubernetesObject.servedVersions(of: known) != nil else {
            return ObjectKey(.other, namespace: Self.namespace, name: "\(kind)/\(name)")
        }
        return cluster.trace.names.key(known, name, namespace: Self.namespace)
    }

    private func decode(_ tree: ManifestTree) -> KubernetesObject? {
        let context = DecodingContext(file: golden.name, diagnostics: Diagnostics(), startDate: ReplayNodes.startDate)
        guard var object = KubernetesObject.decode(tree, context: context) else { return nil }
        // Kinds that are not modelled are taken to be of the cluster; those of the cases are not.
        if object.kind == .other, object.metadata.namespace.isEmpty { object.metadata.namespace = Self.namespace }
        for place in object.metadata.ownerReferences.indices
        where object.metadata.ownerReferences[place].uid == .none {
            let owner = object.metadata.ownerReferences[place]
            ghosts += 1
            object.metadata.ownerReferences[place].uid =
                cluster.view.object(key(owner.kind, owner.name))?.metadata.uid ?? UID(high: 0xDEAD, low: ghosts)
        }
        return object
    }

    private func create(_ tree: ManifestTree, isInitial: Bool) {
        let kind = tree["kind"]?.string ?? ""
        let title = "\(kind) \(tree["metadata"]?["name"]?.string ?? "")"
        guard let object = decode(ReplayNodes.confined(tree, to: golden.name)) else {
            return answer("create " + title, 400)
        }
        guard let error = cluster.apply(.create(object)) else {
            if !isInitial { answer("create " + title, 201) }
            return
        }
        let step = (isInitial ? "object " : "create ") + title
        cluster.trace.answers.append(APIAnswer.tree(error, .create(object), step, in: cluster.view))
    }

    private func patch(
        _ key: ObjectKey, _ patch: ManifestTree, _ type: String, subresource: String, step: String
    ) {
        guard let object = cluster.view.object(key) else {
            request(.delete(key, uid: nil, gracePeriodSeconds: nil, propagation: .background), step: step, code: 404)
            return
        }
        let tree = object.encoded(startDate: ReplayNodes.startDate)
        let changed =
            type == "json"
            ? MergePatch.apply(operations: patch.elements ?? [], to: tree)
            : MergePatch.apply(patch, to: tree, strategic: type == "strategic")
        guard var next = decode(changed) else { return answer(step, 422) }
        next.metadata.resourceVersion = 0
        if subresource == "status", case .node(let node) = next {
            request(.patchNodeConditions(key.name, node.status.conditions), step: step, code: 200)
        } else {
            request(subresource == "status" ? .updateStatus(next) : .update(next), step: step, code: 200)
        }
    }

    private func request(_ action: Action, step: String, code: Int64) {
        if let error = cluster.apply(action) {
            cluster.trace.answers.append(APIAnswer.tree(error, action, step, in: cluster.view))
        } else {
            answer(step, code)
        }
    }

    private func answer(_ step: String, _ code: Int64) {
        cluster.trace.answers.append(.mapping([("step", .text(step)), ("code", .number(code))]))
    }
}
