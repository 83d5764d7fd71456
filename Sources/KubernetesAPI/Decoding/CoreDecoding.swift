import Chronology

// Counterpart: the small kinds of core/v1, coordination.k8s.io/v1 and scheduling.k8s.io/v1.

extension Namespace {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata)
        // Every namespace is labelled with its name, so that selectors can name it.
        if !metadata.name.isEmpty { self.metadata.labels["kubernetes.io/metadata.name"] = metadata.name }
        reader.inert(["spec", "status"])
    }
}

extension Service {
    private enum ServiceType: String, CaseIterable {
        case clusterIP = "ClusterIP"
        case nodePort = "NodePort"
        case loadBalancer = "LoadBalancer"
        case externalName = "ExternalName"
    }

    private static let inertFields = [
        "clusterIPs", "externalIPs", "loadBalancerIP", "loadBalancerSourceRanges", "externalName",
        "healthCheckNodePort",
        "sessionAffinityConfig", "ipFamilies", "ipFamilyPolicy", "loadBalancerClass",
    ]

    /// What would send requests elsewhere than here, unless it says what holds anyway.
    private static let routingFields = [
        ("sessionAffinity", "None"), ("externalTrafficPolicy", "Cluster"), ("internalTrafficPolicy", "Cluster"),
        ("trafficDistribution", ""),
    ]

    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata)
        reader.object("spec") { reader in
            selector = reader.stringMap("selector")
            if let type: ServiceType = reader.optionalChoice("type") { self.type = type.rawValue }
            ports = reader.objects("ports") { Port(reading: $0) }
            isHeadless = reader.string("clusterIP") == "None"
            publishesNotReady = reader.bool("publishNotReadyAddresses") ?? false
            allocatesNodePorts = reader.bool("allocateLoadBalancerNodePorts") ?? true
            reader.inert(Self.inertFields)
            for (name, usual) in Self.routingFields {
                if reader.peek(name)?.string == usual { reader.inert([name]) } else { reader.unmodelled([name]) }
            }
        }
        reader.inert(["status"])
    }
}

/// The protocols of ports.
private enum PortProtocol: String, CaseIterable {
    case tcp = "TCP"
    case udp = "UDP"
    case sctp = "SCTP"
}

extension Service.Port {
    fileprivate init(reading reader: FieldReader) {
        let port = Int32(reader.int64("port", in: 1...65_535) ?? 1)
        let transport: PortProtocol? = reader.optionalChoice("protocol")
        self.init(name: reader.string("name") ?? "", port: port, protocol: (transport ?? .tcp).rawValue)
        if !reader.has("port") { reader.error("port", "a value is required") }
        if let target = reader.value("targetPort") {
            if let name = target.string {
                if !name.isEmpty { self.target = .name(name) }
            } else if case .scalar(.integer(let text)) = target.value, let number = Int32(text),
                (0...65_535).contains(number)
            {
                // The API server takes 0 for "not set".
                if number > 0 { self.target = .number(number) }
            } else {
                reader.error("targetPort", "found \(target.summary)", expected: "the number or the name of a port")
            }
        }
        nodePort = Int32(reader.int64("nodePort", in: 0...65_535) ?? 0)
        reader.inert(["appProtocol"])
    }
}

extension EndpointSlice {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata)
        endpoints = reader.objects("endpoints") { Endpoint(reading: $0) }
        ports = reader.objects("ports") { reader in
            let transport: PortProtocol? = reader.optionalChoice("protocol")
            let port = Port(
                name: reader.string("name") ?? "", port: Int32(reader.int64("port", in: 0...65_535) ?? 0),
                protocol: (transport ?? .tcp).rawValue)
            reader.inert(["appProtocol"])
            return port
        }
        reader.inert(["addressType"])
    }
}

extension EndpointSlice.Endpoint {
    fileprivate init(reading reader: FieldReader) {
        let target = reader.object("targetRef") { reader in
            reader.inert(["kind", "namespace", "uid", "apiVersion", "resourceVersion", "fieldPath"])
            return reader.string("name") ?? ""
        }
        let addresses = reader.strings("addresses")
        self.init(
            pod: target ?? addresses.first ?? "", node: reader.string("nodeName"), zone: reader.string("zone"),
            isReady: true, isServing: true, isTerminating: false)
        reader.object("conditions") { reader in
            isReady = reader.bool("ready") ?? true
            isServing = reader.bool("serving") ?? isReady
            isTerminating = reader.bool("terminating") ?? false
        }
        reader.inert(["hostname", "deprecatedTopology", "hints"])
    }
}

extension Endpoints {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata)
        for (isReady, names) in reader.objects("subsets", { Self.names($0) }).joined() {
            if isReady { ready.append(names) } else { notReady.append(names) }
        }
    }

    private static func names(_ reader: FieldReader) -> [(Bool, String)] {
        func read(_ field: String) -> [String] {
            reader.objects(field) { reader in
                let address = reader.string("ip") ?? ""
                let target = reader.object("targetRef") { reader in
                    reader.inert(["kind", "namespace", "uid", "apiVersion", "resourceVersion", "fieldPath"])
                    return reader.string("name") ?? ""
                }
                reader.inert(["hostname", "nodeName"])
                return target ?? address
            }
        }
        reader.inert(["ports"])
        return read("addresses").map { (true, $0) } + read("notReadyAddresses").map { (false, $0) }
    }
}

extension Lease {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata, renewTime: .start)
        reader.object("spec") { reader in
            if let time = reader.timestamp("renewTime") { renewTime = time }
            reader.inert([
                "holderIdentity", "leaseDurationSeconds", "acquireTime", "leaseTransitions", "strategy",
                "preferredHolder",
            ])
        }
    }
}

extension PriorityClass {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata)
        if !reader.has("value") { reader.error("value", "a value is required") }
        value = Int32(reader.int64("value", in: Int64(Int32.min)...Int64(Int32.max)) ?? 0)
        globalDefault = reader.bool("globalDefault") ?? false
        preemptionPolicy = reader.optionalChoice("preemptionPolicy") ?? .preemptLowerPriority
        reader.inert(["description"])
    }
}

extension ResourceQuota {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata)
        reader.object("spec") { reader in
            hard = reader.resources("hard")
            scopes = reader.strings("scopes")
            reader.object("scopeSelector") { reader in
                scopeSelector = reader.objects("matchExpressions") { reader in
                    let `operator`: ScopeRequirement.Operator? = reader.requiredChoice("operator")
                    let scope = reader.requiredString("scopeName")
                    let values = reader.strings("values")
                    return `operator`.map { ScopeRequirement(scope: scope, operator: $0, values: values) }
                }
            }
        }
        reader.object("status") { reader in
            statusHard = reader.resources("hard")
            used = reader.resources("used")
        }
    }
}

extension LimitRange {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata)
        if !reader.has("spec") { reader.error("spec", "a value is required") }
        reader.object("spec") { reader in
            items = reader.objects("limits") { Item(reading: $0) }
        }
    }
}

extension LimitRange.Item {
    private enum LimitType: String, CaseIterable {
        case container = "Container"
        case pod = "Pod"
        case claim = "PersistentVolumeClaim"
    }

    init(reading reader: FieldReader) {
        let name = reader.value("type")?.string ?? ""
        var type: LimitType?
        if name.contains("/"), NameRules.isQualifiedName(name) {
            // What strangers bound, such as images, is no business of the API server's.
            reader.warn("type", "limits of this type are not modelled; the real cluster may behave differently")
        } else {
            type = reader.requiredChoice("type")
        }
        self.init(type: type?.rawValue ?? name)
        max = reader.resources("max")
        min = reader.resources("min")
        `default` = reader.resources("default")
        defaultRequest = reader.resources("defaultRequest")
        maxLimitRequestRatio = reader.resources("maxLimitRequestRatio")
        guard type == .container else { return }
        // Upstream's chain of defaults: limits from max; requests from limits, or else from min.
        for entry in max.entries where `default`[entry.name] == nil { `default`[entry.name] = entry.amount }
        for entry in `default`.entries where defaultRequest[entry.name] == nil {
            defaultRequest[entry.name] = entry.amount
        }
        for entry in min.entries where defaultRequest[entry.name] == nil { defaultRequest[entry.name] = entry.amount }
    }
}
