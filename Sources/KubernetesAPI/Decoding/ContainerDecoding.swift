// Counterpart: v1.Container and pkg/apis/core/v1/defaults.go.

extension Container {
    private static let inertFields = [
        "command", "args", "workingDir", "envFrom", "env", "resizePolicy", "volumeMounts", "volumeDevices",
        "terminationMessagePath", "terminationMessagePolicy", "securityContext", "stdin", "stdinOnce", "tty",
    ]

    init(reading reader: FieldReader) {
        self.init(name: reader.requiredString("name"), image: reader.string("image") ?? "")
        reader.object("resources") { reader in
            requests = reader.resources("requests")
            limits = reader.resources("limits")
            reader.unmodelled(["claims"])
        }
        ports = reader.objects("ports") { ContainerPort(reading: $0) }
        imagePullPolicy = reader.optionalChoice("imagePullPolicy") ?? PullPolicy.default(ofImage: image)
        restartPolicy = reader.optionalChoice("restartPolicy")
        restartPolicyRules = reader.objects("restartPolicyRules") { RestartRule(reading: $0) }
        startupProbe = reader.object("startupProbe") { Probe(reading: $0) }
        readinessProbe = reader.object("readinessProbe") { Probe(reading: $0) }
        livenessProbe = reader.object("livenessProbe") { Probe(reading: $0) }
        reader.object("lifecycle") { reader in
            reader.object("postStart") { reader in
                hasPostStart = true
                postStartSleepSeconds = reader.object("sleep") { $0.int64("seconds", in: 0...Int64.max) ?? 0 }
                reader.inert(["exec", "httpGet", "tcpSocket"])
            }
            preStop = reader.object("preStop") { reader in
                let sleep = reader.object("sleep") { $0.int64("seconds", in: 0...Int64.max) ?? 0 }
                reader.inert(["exec", "httpGet", "tcpSocket"])
                return sleep.map { .sleep(seconds: $0) } ?? .hook
            }
            reader.inert(["stopSignal"])
        }
        reader.inert(Self.inertFields)
    }
}

extension Container.PullPolicy {
    /// Returns the policy that the API server fills in: `Always` for the tag `latest` or none, else `IfNotPresent`.
    package static func `default`(ofImage image: String) -> Container.PullPolicy {
        let last = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let reference = last.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let tag = reference[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
        if let tag { return tag == "latest" ? .always : .ifNotPresent }
        // A digest never changes: without a tag it needs no second look.
        return reference.count > 1 ? .ifNotPresent : .always
    }
}

extension RestartRule {
    /// Reads a rule, or nil when it has no action or no exit codes.
    init?(reading reader: FieldReader) {
        guard let action: Action = reader.requiredChoice("action") else { return nil }
        if !reader.has("exitCodes") { reader.error("exitCodes", "a value is required") }
        let codes = reader.object("exitCodes") { reader -> (Operator, [Int32])? in
            let values = reader.elements("values").compactMap { element -> Int32? in
                if case .scalar(.integer(let text)) = element.value, let code = Int32(text) { return code }
                reader.error("values", "found \(element.summary)", expected: "exit codes")
                return nil
            }
            guard let `operator`: Operator = reader.requiredChoice("operator") else { return nil }
            return (`operator`, values)
        }
        guard case let (choice, values)?? = codes else { return nil }
        self.init(action: action, operator: choice, exitCodes: values)
    }
}

extension ContainerPort {
    init(reading reader: FieldReader) {
        if !reader.has("containerPort") { reader.error("containerPort", "a value is required") }
        self.init(
            containerPort: Int32(reader.int64("containerPort", in: 1...65_535) ?? 1),
            hostPort: Int32(reader.int64("hostPort", in: 0...65_535) ?? 0), hostIP: reader.string("hostIP") ?? "",
            protocol: reader.optionalChoice("protocol").map { (choice: Transport) in choice.rawValue } ?? "TCP")
        name = reader.string("name") ?? ""
    }

    private enum Transport: String, CaseIterable {
        case tcp = "TCP"
        case udp = "UDP"
        case sctp = "SCTP"
    }
}

extension Probe {
    init(reading reader: FieldReader) {
        self.init()
        initialDelaySeconds = reader.count("initialDelaySeconds") ?? 0
        // The API server takes 0 for "not set".
        periodSeconds = reader.nonZeroCount("periodSeconds") ?? 10
        timeoutSeconds = reader.nonZeroCount("timeoutSeconds") ?? 1
        successThreshold = reader.nonZeroCount("successThreshold") ?? 1
        failureThreshold = reader.nonZeroCount("failureThreshold") ?? 3
        terminationGracePeriodSeconds = reader.int64("terminationGracePeriodSeconds", in: 1...Int64.max)
        reader.inert(["exec", "httpGet", "tcpSocket", "grpc"])
    }
}

extension FieldReader {
    fileprivate func nonZeroCount(_ name: String) -> Int64? { count(name).flatMap { $0 == 0 ? nil : $0 } }
}
