import KubernetesAPI

/// The names under which the recorded traces tell of objects whose real names are random.
struct TraceNames {
    private var names: [ObjectKey: String] = [:]
    private var keys: [String: ObjectKey] = [:]
    /// What stands in texts for what, longest first.
    private var replacements: [(real: String, known: String)] = []
    private var counts: [String: Int] = [:]
    /// The minute that contains the start, counted from 1970.
    let minute: Int64

    init(minute: Int64) { self.minute = minute }

    /// Returns the normalised name of an object.
    func name(of key: ObjectKey) -> String {
        names[key] ?? (key.kind == .other ? String(key.name.drop { $0 != "/" }.dropFirst()) : key.name)
    }

    /// Returns the object of `kind` that has a normalised or real name.
    func key(_ kind: ObjectKind, _ name: String, namespace: String) -> ObjectKey {
        if let key = keys["\(kind.name) \(name)"] { return key }
        return ObjectKey(kind, namespace: namespace, name: name)
    }

    /// Returns `text` with real names replaced.
    func text(_ text: String, namespace: String) -> String {
        var text = text
        for pair in replacements { text = text.replacing(pair.real, with: pair.known) }
        return text.replacing(namespace + "/", with: "<ns>/").replacing("\"\(namespace)\"", with: "\"<ns>\"")
    }

    /// Returns the revision that a pod's label names.
    func revision(_ label: String) -> String { replacements.first { $0.real == label }?.known ?? label }

    /// Gives a new object its name.
    mutating func register(_ object: KubernetesObject) {
        guard let owner = object.metadata.controllerReference, let kind = ObjectKind(name: owner.kind) else { return }
        let parent = name(of: ObjectKey(kind, namespace: object.metadata.namespace, name: owner.name))
        switch (object, kind) {
        case (.replicaSet, .deployment): set(object.key, "\(parent)-<rs\(count(parent + " rs"))>")
        case (.pod(let pod), .replicaSet), (.pod(let pod), .replicationController):
            set(pod.key, "\(parent)-<pod\(count(parent + " pod"))>")
        case (.pod(let pod), .job):
            var stem = parent
            if let index = pod.metadata.annotations["batch.kubernetes.io/job-completion-index"] { stem += "-" + index }
            set(pod.key, "\(stem)-<pod\(count(stem + " pod"))>")
        case (.pod(let pod), .daemonSet):
            let node = pod.nodeName ?? pod.pinnedNode ?? ""
            set(pod.key, "\(parent)-<\(node)-pod\(count(parent + " " + node))>")
        case (.job(let job), .cronJob):
            guard let minute = Int64(job.metadata.name.split(separator: "-").last ?? "") else { return }
            set(object.key, "\(parent)-<T\(minute - self.minute)>")
        case (.controllerRevision(let revision), _):
            let number = count(parent + " rev")
            set(object.key, "\(parent)-<rev\(number)>")
            let hash = revision.metadata.name.split(separator: "-").last.map(String.init) ?? ""
            // Pods of a DaemonSet carry the hash alone.
            if kind == .daemonSet { replacements.append((hash, "<rev\(number)>")) }
        default: break
        }
        replacements.sort { $0.real.count != $1.real.count ? $0.real.count > $1.real.count : $0.real < $1.real }
    }

    private mutating func set(_ key: ObjectKey, _ name: String) {
        names[key] = name
        keys["\(key.kind.name) \(name)"] = key
        replacements.append((key.name, name))
    }

    private mutating func count(_ key: String) -> Int {
        counts[key, default: 0] += 1
        return counts[key] ?? 1
    }
}

extension Pod {
    /// The only node that the pod may run on, if its affinity names one.
    var pinnedNode: String? {
        for term in spec.affinity?.nodeAffinity?.required?.terms ?? [] {
            for field in term.matchFields where field.key == "metadata.name" { return field.values.first }
        }
        return nil
    }
}
