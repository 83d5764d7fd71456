import ControlPlane
import KubernetesAPI

// MARK: - Pods

extension StatefulSetPlan {
    /// Makes, replaces or mends the pod of a place, and says whether the next ones may be looked at (`processReplica`).
    mutating func keep(_ place: Int) -> Outcome {
        let slot = slots[place]
        let pod = slot.pod
        guard slot.exists else { return make(pod) }
        if pod.status.phase.isTerminal {
            // A new one is made when this one is gone.
            if !pod.isTerminating { delete(pod) }
            return .ends
        }
        if pod.status.phase == .pending {
            guard makeClaims(of: pod) == nil else { return .fails }
            correctOwners(of: pod)
        }
        if isOrdered, pod.isTerminating || !isReady(pod) || !isAvailable(pod) { return .ends }
        return mend(pod)
    }

    private mutating func make(_ pod: Pod) -> Outcome {
        if hasStaleClaim(pod) { return .ends }
        if let problem = makeClaims(of: pod) {
            fail(.create, pod, problem)
            return .fails
        }
        actions.append(.create(.pod(pod)))
        note(pod.key, .create, pod)
        correctOwners(of: pod)
        return isOrdered ? .ends : .goesOn
    }

    /// Restores the labels that name the pod, and the owners of its claims (`UpdateStatefulPod`).
    private mutating func mend(_ pod: Pod) -> Outcome {
        guard set.hasStorage(pod) else {
            if let problem = makeClaims(of: pod) {
                fail(.update, pod, problem)
            } else {
                fail(
                    .update, pod,
                    "Pod \"\(pod.metadata.name)\" is invalid: spec: Forbidden: pod updates may not change its volumes")
            }
            return .fails
        }
        let correctsOwners = correctOwners(of: pod)
        if !set.hasIdentity(pod), let ordinal = pod.ordinal {
            var named = pod
            StatefulSet.identify(&named.metadata.labels, name: pod.metadata.name, ordinal: ordinal)
            actions.append(.update(.pod(named)))
            note(pod.key, .update, pod)
        } else if correctsOwners {
            // Upstream sends the unchanged pod as well; only its event is left of that.
            events.append(
                EventRecord(
                    key, reason: "SuccessfulUpdate",
                    message: "Update Pod \(pod.metadata.name) in StatefulSet \(set.metadata.name) successful"))
        }
        return .goesOn
    }

    /// Deletes a surplus pod unless a lower one has to become available first (`processCondemned`).
    mutating func dismiss(_ pod: Pod, isFirstUnavailable: Bool) {
        if pod.isTerminating { return }
        if isOrdered, !isFirstUnavailable, !isReady(pod) || !isAvailable(pod) { return }
        delete(pod)
    }

    /// Deletes the highest pod of an old revision, unless a higher one of the new revision is not available yet.
    mutating func roll() {
        guard case .rollingUpdate(let partition, _) = set.spec.updateStrategy else { return }
        for place in slots.indices.reversed() where place >= Int(partition ?? 0) {
            let slot = slots[place]
            if slot.pod.revisionName != revisions.update.metadata.name, !slot.pod.isTerminating {
                delete(slot.pod)
                status.currentReplicas -= 1
                return
            }
            if !slot.exists || isUnavailable(slot.pod) { return }
        }
    }

    private mutating func delete(_ pod: Pod) {
        actions.append(.delete(pod.key, uid: pod.metadata.uid, gracePeriodSeconds: nil, propagation: .background))
        note(pod.key, .delete, pod)
    }

    func noteOf(_ verb: Note.Verb, _ pod: Pod, claim: String? = nil) -> Note {
        Note(set: key, verb: verb, pod: pod.metadata.name, claim: claim)
    }

    private mutating func note(_ target: ObjectKey, _ verb: Note.Verb, _ pod: Pod) {
        notes.append((target, noteOf(verb, pod)))
    }

    private mutating func fail(_ verb: Note.Verb, _ pod: Pod, _ problem: String) {
        events.append(noteOf(verb, pod).failure(problem))
    }
}

// MARK: - Claims

extension StatefulSetPlan {
    /// Makes the claims that `pod` lacks; returns what is wrong with one that is there.
    private mutating func makeClaims(of pod: Pod) -> String? {
        guard let ordinal = pod.ordinal else { return nil }
        var problem: String?
        for template in set.spec.volumeClaimTemplates {
            let wanted = set.claim(template, ordinal: ordinal)
            if let present = claim(wanted.metadata.name) {
                if present.metadata.isDeleting, problem == nil {
                    problem = "pvc \(wanted.metadata.name) is being deleted"
                }
            } else {
                let object = KubernetesObject.persistentVolumeClaim(wanted)
                actions.append(.create(object))
                notes.append((object.key, noteOf(.create, pod, claim: wanted.metadata.name)))
            }
        }
        return problem
    }

    /// Gives the claims of `pod` the owners that the retention policy asks for; returns whether one had others.
    @discardableResult
    mutating func correctOwners(of pod: Pod) -> Bool {
        guard let ordinal = pod.ordinal, !set.spec.volumeClaimTemplates.isEmpty else { return false }
        let owners = StatefulClaimOwners(set, pod)
        let present = set.spec.volumeClaimTemplates.compactMap { claim(set.claimName($0, ordinal: ordinal)) }
        guard present.contains(where: { !owners.areRight($0) }) else { return false }
        for claim in present {
            if owners.hasStranger(claim) {
                events.append(
                    EventRecord(
                        key, .warning, reason: "ConflictingController",
                        message: "PersistentVolumeClaim \(claim.metadata.name) has a conflicting OwnerReference that "
                            + "acts as a manging controller, the retention policy is ignored for this claim"))
            }
            if !owners.areRight(claim) {
                actions.append(.update(.persistentVolumeClaim(owners.corrected(claim))))
            }
        }
        return true
    }

    /// Whether a claim still has to go with an earlier pod of this name (`PodClaimIsStale`).
    private func hasStaleClaim(_ pod: Pod) -> Bool {
        guard set.spec.whenScaled == .delete, let ordinal = pod.ordinal else { return false }
        let owners = StatefulClaimOwners(set, pod)
        return set.spec.volumeClaimTemplates.contains { template in
            claim(set.claimName(template, ordinal: ordinal)).map(owners.isOfEarlierPod) ?? false
        }
    }
}

// MARK: - What answers tell

extension StatefulSetPlan.Note {
    /// Returns the events of an answer to the request.
    func events(_ error: ActionError?) -> [EventRecord] {
        // Events are no more taken in than pods where the namespace is going away.
        if case .namespaceTerminating? = error { return [] }
        // An object that is there already is what a step made from an older state meets.
        let exists = error == .alreadyExists
        if let claim {
            guard let error else {
                return [
                    EventRecord(
                        set, reason: "Successful\(verb.rawValue)",
                        message: "\(verb.rawValue) Claim \(claim) Pod \(pod) in StatefulSet \(set.name) success")
                ]
            }
            let event = EventRecord(
                set, .warning, reason: "Failed\(verb.rawValue)",
                message: "\(verb.rawValue) Claim \(claim) for Pod \(pod) in StatefulSet \(set.name) failed error: "
                    + "\(error)")
            return (exists ? [] : [event]) + [failure("failed to create PVC \(claim): \(error)")]
        }
        guard let error else {
            return [
                EventRecord(
                    set, reason: "Successful\(verb.rawValue)",
                    message: "\(verb.rawValue) Pod \(pod) in StatefulSet \(set.name) successful")
            ]
        }
        return exists ? [] : [failure("\(error)")]
    }

    /// Returns the event that the request could not be carried out.
    func failure(_ problem: String) -> EventRecord {
        EventRecord(
            set, .warning, reason: "Failed\(verb.rawValue)",
            message: "\(verb.rawValue) Pod \(pod) in StatefulSet \(set.name) failed error: \(problem)")
    }
}
