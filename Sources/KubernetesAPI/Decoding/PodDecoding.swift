// Counterpart: v1.Pod, v1.PodTemplateSpec and pkg/apis/core/v1/defaults.go.

extension Pod {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        if !reader.has("spec") { reader.error("spec", "a value is required") }
        var nodeName: String?
        // A pod that ran somewhere may have been given what nobody is created with.
        let isLive = reader.peek("status")?["phase"] != nil || reader.peek("metadata")?["uid"] != nil
        let met = reader.metConditions
        let spec = reader.object("spec") { reader in
            nodeName = reader.string("nodeName").flatMap { $0.isEmpty ? nil : $0 }
            if !isLive { reader.forbidEphemeralContainers() }
            return PodSpec(reading: reader, conditions: met)
        }
        let status = reader.object("status") { PodStatus(reading: $0) }
        self.init(metadata: metadata, spec: spec ?? PodSpec(), nodeName: nodeName, status: status ?? PodStatus())
    }
}

extension PodTemplateSpec {
    init(reading reader: FieldReader) {
        reader.context.inert = InertDigest(of: reader.path)
        defer { reader.context.inert = nil }
        let metadata = reader.object("metadata") { ObjectMeta(reading: $0) } ?? ObjectMeta()
        if !reader.has("spec") { reader.error("spec", "a value is required") }
        let spec = reader.object("spec") { reader in
            reader.unmodelled(["nodeName"])
            reader.forbidEphemeralContainers()
            return PodSpec(reading: reader)
        }
        self.init(labels: metadata.labels, annotations: metadata.annotations, spec: spec ?? PodSpec())
        finalizers = metadata.finalizers
        inert = reader.context.inert?.value ?? 0
    }
}

extension PodSpec {
    private static let inertFields = [
        "ephemeralContainers", "dnsPolicy", "serviceAccountName", "serviceAccount", "automountServiceAccountToken",
        "hostPID", "hostIPC", "shareProcessNamespace", "securityContext", "imagePullSecrets", "subdomain",
        "hostAliases", "dnsConfig", "enableServiceLinks", "setHostnameAsFQDN", "hostUsers", "hostnameOverride",
    ]
    private static let unmodelledFields = ["runtimeClassName", "resourceClaims", "workloadRef"]

    /// Reads a pod spec without `nodeName`, and fills in defaults; `conditions` are those that the pod meets already.
    init(reading reader: FieldReader, conditions met: [String] = []) {
        self.init(containers: reader.objects("containers") { Container(reading: $0) })
        initContainers = reader.objects("initContainers") { Container(reading: $0) }
        restartPolicy = reader.optionalChoice("restartPolicy") ?? .always
        // The API server takes a negative time for 1 second once the pod is deleted.
        terminationGracePeriodSeconds =
            reader.int64("terminationGracePeriodSeconds").map { $0 < 0 ? 1 : $0 } ?? 30
        activeDeadlineSeconds = reader.int64("activeDeadlineSeconds", in: 1...Int64(Int32.max))
        nodeSelector = reader.stringMap("nodeSelector")
        affinity = reader.object("affinity") { Affinity(reading: $0) }
        tolerations = reader.objects("tolerations") { Toleration(reading: $0) }
        topologySpreadConstraints = reader.objects("topologySpreadConstraints") {
            TopologySpreadConstraint(reading: $0)
        }
        let scheduler = reader.string("schedulerName") ?? ""
        schedulerName = scheduler.isEmpty ? "default-scheduler" : scheduler
        priorityClassName = reader.string("priorityClassName") ?? ""
        priority = reader.int64("priority", in: Int64(Int32.min)...Int64(Int32.max)).map { Int32($0) }
        preemptionPolicy = reader.optionalChoice("preemptionPolicy")
        hostNetwork = reader.bool("hostNetwork") ?? false
        hostname = reader.string("hostname") ?? ""
        operatingSystem = reader.object("os") { $0.requiredString("name") }
        overhead = reader.resources("overhead")
        reader.object("resources") { reader in
            requests = reader.resources("requests")
            limits = reader.resources("limits")
            reader.unmodelled(["claims"])
        }
        volumes = reader.objects("volumes") { Volume(reading: $0) }
        schedulingGates = reader.objects("schedulingGates") { $0.requiredString("name") }
        schedulingGroup = reader.object("schedulingGroup") { $0.string("podGroupName") }.flatMap { $0 }
        readinessGates = reader.objects("readinessGates") { reader in
            let condition = reader.requiredString("conditionType")
            if !met.contains(condition) {
                reader.warn("conditionType", "nobody sets this condition here: such a pod never becomes ready")
            }
            return condition
        }
        if reader.isTrue("shareProcessNamespace"), reader.isTrue("hostPID") {
            reader.error("shareProcessNamespace", "not allowed together with hostPID")
        }
        reader.inert(Self.inertFields)
        reader.unmodelled(Self.unmodelledFields)
        fillDefaults()
    }
}

extension FieldReader {
    /// The types of the conditions of a pod that are met.
    fileprivate var metConditions: [String] {
        (peek("status")?["conditions"]?.elements ?? []).compactMap { condition in
            condition["status"]?.string == "True" ? condition["type"]?.string : nil
        }
    }

    fileprivate func isTrue(_ name: String) -> Bool {
        if case .scalar(.bool(true))? = peek(name)?.value { return true }
        return false
    }

    /// Debugging containers are only ever added to pods that are there.
    fileprivate func forbidEphemeralContainers() {
        guard let containers = peek("ephemeralContainers"), !containers.isBlank else { return }
        error("ephemeralContainers", "not allowed in a pod that is yet to be created")
    }
}
