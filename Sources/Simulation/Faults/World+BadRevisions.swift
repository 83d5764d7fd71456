import Chronology
import ClusterStore
import ControlPlane
import Faults
import KubernetesAPI
import VirtualTime
import Workloads

/// A revision of a Deployment that does not work, from the strike on that made it.
struct BadRevisionRecord {
    let slot: Int32
    let deployment: ObjectKey
    let revision: BadRevision
    /// ReplicaSets that were there before.
    let known: [UID]
    /// The annotation of the revision that the fault rolled out; nil when it leaves that to others.
    let mark: String?
    /// Whether revisions that come now are bad.
    var isOpen = true
}

extension World {
    /// The annotation of a pod template by which a fault rolls out a revision of its own.
    static let badRevisionAnnotation = "orrery.dev/bad-revision"

    /// From now on, new revisions of Deployments, called `namespace/name`, are bad; the fault may roll one out itself.
    mutating func beginBadRollout(_ deployments: [String], _ revision: BadRevision, slot: Int32) {
        let open = faults.open[slot]
        for name in deployments {
            guard let key = Self.key(.deployment, name), let deployment = api.object(key) else { continue }
            let known = api.objects(of: .replicaSet, namespace: key.namespace).filter {
                $0.metadata.controllerReference?.uid == deployment.metadata.uid
            }.map(\.metadata.uid)
            let mark = "\(faults.schedules[open.fault].spec.name)-\(open.number + 1)"
            faults.badRevisions.append(
                BadRevisionRecord(
                    slot: slot, deployment: key, revision: revision, known: known,
                    mark: revision.rollsOut ? mark : nil))
            if revision.rollsOut { setMark(of: key) }
        }
    }

    /// New revisions are good again; what the fault rolled out is rolled back.
    mutating func endBadRollout(_ slot: Int32) {
        for place in faults.badRevisions.indices where faults.badRevisions[place].slot == slot {
            faults.badRevisions[place].isOpen = false
            if faults.badRevisions[place].mark != nil { setMark(of: faults.badRevisions[place].deployment) }
        }
    }

    /// Gives a Deployment the mark of the latest fault that has a revision of its own out there, or none.
    private mutating func setMark(of key: ObjectKey) {
        guard case .deployment(var deployment)? = api.object(key) else { return }
        let record = faults.badRevisions.last { $0.isOpen && $0.deployment == key && $0.mark != nil }
        if deployment.spec.template.annotations[Self.badRevisionAnnotation] == record?.mark { return }
        deployment.spec.template.annotations[Self.badRevisionAnnotation] = record?.mark
        apply(.update(.deployment(deployment)))
    }

    /// Returns the bad revision that a pod is of, by place from 1, or 0.
    mutating func variant(of pod: Pod) -> Int32 {
        guard let owner = pod.metadata.controllerReference, owner.kind == "ReplicaSet" else { return 0 }
        if let known = faults.variants[owner.uid] { return known }
        let set = api.object(ObjectKey(.replicaSet, namespace: pod.metadata.namespace, name: owner.name))
        let parent = set?.metadata.controllerReference?.name ?? ""
        // The latest fault is what its own revision has.
        let place = faults.badRevisions.lastIndex {
            $0.isOpen && $0.deployment.namespace == pod.metadata.namespace && $0.deployment.name == parent
                && !$0.known.contains(owner.uid)
        }
        let variant = place.map { Int32($0 + 1) } ?? 0
        faults.variants[owner.uid] = variant
        return variant
    }

    /// Lays what is wrong with a revision over what its containers do.
    func spoil(_ behaviors: inout [Behavior], from firstMain: Int, variant: Int32) {
        guard variant > 0 else { return }
        let revision = faults.badRevisions[Int(variant) - 1].revision
        for index in behaviors.indices where index >= firstMain {
            switch revision.trouble {
            case .unready: behaviors[index].readyAfter = .never
            case .crashes:
                behaviors[index].runTime = .after(.constant(revision.delay.inSeconds))
                behaviors[index].outcome = Behavior.Outcome(exitCode: 1)
                behaviors[index].checkpoint = nil
            case .leaks:
                if behaviors[index].usage.memory == nil {
                    behaviors[index].usage.memory = .permilleOfRequest(.constant(1_000))
                }
                behaviors[index].usage.memoryLeak = Growth(bytes: max(1, revision.leakPerHour), per: .hours(1))
            }
        }
    }
}
