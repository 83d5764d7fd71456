import KubernetesAPI

/// Services by namespace: which of them select a pod is asked in every cycle.
struct ServiceIndex {
    /// In name order.
    private var byNamespace: [String: [Service]] = [:]

    init(_ objects: [ObjectKey: KubernetesObject] = [:]) {
        for case .service(let service) in objects.values {
            byNamespace[service.metadata.namespace, default: []].append(service)
        }
        for namespace in byNamespace.keys {
            byNamespace[namespace]?.sort { $0.metadata.name < $1.metadata.name }
        }
    }

    /// The services of `namespace`, in name order.
    func services(in namespace: String) -> [Service] { byNamespace[namespace] ?? [] }

    /// Takes over what there is at `key` now, or that there is nothing.
    mutating func set(_ service: Service?, at key: ObjectKey) {
        var list = byNamespace[key.namespace] ?? []
        let place = list.firstIndex { $0.metadata.name >= key.name } ?? list.endIndex
        let isKnown = place < list.endIndex && list[place].metadata.name == key.name
        switch (isKnown, service) {
        case (true, let service?): list[place] = service
        case (true, nil): list.remove(at: place)
        case (false, let service?): list.insert(service, at: place)
        case (false, nil): break
        }
        byNamespace[key.namespace] = list.isEmpty ? nil : list
    }
}
