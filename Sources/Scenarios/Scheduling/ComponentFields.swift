import Chronology
import KubernetesAPI

// Counterpart: ClientConnectionConfiguration, LeaderElectionConfiguration and DebuggingConfiguration of
// k8s.io/component-base, with their validation.

/// Reads the fields that every component of Kubernetes has; none of them decides where a pod goes.
extension FieldReader {
    /// Reads the fields around `profiles` and `extenders`.
    func readComponentFields() {
        inert([
            "enableProfiling", "enableContentionProfiling", "delayCacheUntilActive", "healthzBindAddress",
            "metricsBindAddress",
        ])
        if int64("parallelism", in: 1...Int64(Int32.max)) != nil { noteInert("parallelism") }
        if object("clientConnection", { $0.readClientConnection() }) != nil { noteInert("clientConnection") }
        if object("leaderElection", { $0.readLeaderElection() }) != nil { noteInert("leaderElection") }
        unmodelled(["percentageOfPlacementsToScore"])
    }

    private func readClientConnection() {
        for name in ["kubeconfig", "acceptContentTypes", "contentType"] { _ = string(name) }
        for (name, parameter) in [("qps", "scheduler.qps"), ("burst", "scheduler.burst")] {
            guard let value = value(name) else { continue }
            guard case .scalar(let scalar) = value.value, let number = scalar.number else {
                error(name, "found \(value.summary)", expected: "a number")
                continue
            }
            if name == "burst", number.isNegative || !number.isWhole {
                error(name, "found \(value.summary)", expected: "a whole number of at least 0")
            } else if !number.isZero {
                context.warn(
                    "it has no effect here", path: path.field(name), at: value.position,
                    expected: "the scenario's parameter \(parameter)")
            }
        }
    }

    private func readLeaderElection() {
        let elects = bool("leaderElect") ?? true
        let lease = goDuration("leaseDuration").flatMap { $0 == .zero ? nil : $0 } ?? .seconds(15)
        let renewal = goDuration("renewDeadline").flatMap { $0 == .zero ? nil : $0 } ?? .seconds(10)
        _ = goDuration("retryPeriod")
        for name in ["resourceName", "resourceNamespace"] { _ = string(name) }
        let lock = string("resourceLock") ?? ""
        guard elects else { return }
        if !lock.isEmpty, lock != "leases" {
            error("resourceLock", "found the text \"\(ManifestTree.shortened(lock))\"", expected: "leases")
        }
        if lease <= renewal {
            error("leaseDuration", "\(lease) is not longer than renewDeadline, \(renewal)")
        }
    }

    /// Counts a field that was read, and has no influence here.
    private func noteInert(_ name: String) {
        context.diagnostics.addInert(
            pattern: path.field(name).pattern,
            at: SourcePlace(file: context.file, position: value(name)?.position ?? position))
    }

    /// Returns a length of time in Go's notation, which knows no unit above the hour; it must not be negative.
    func goDuration(_ name: String) -> Duration? {
        guard let value = value(name) else { return nil }
        let expected = "a length of time such as 500ms, 5s or 1m30s, not negative"
        if let text = value.string, !text.contains("d"), !text.contains("w"),
            let duration = try? Duration(parsing: text), duration >= .zero
        {
            return duration
        }
        error(name, "found \(value.summary)", expected: expected)
        return nil
    }
}

extension ManifestTree.Scalar {
    /// What a number is like; nil for texts and truth values.
    fileprivate var number: (isNegative: Bool, isWhole: Bool, isZero: Bool)? {
        switch self {
        case .integer(let text):
            (text.hasPrefix("-"), true, text.utf8.allSatisfy { $0 == 0x30 || $0 == 0x2B || $0 == 0x2D })
        case .float(let text): (text.hasPrefix("-"), false, false)
        case .string, .bool: nil
        }
    }
}

extension DecodingContext {
    /// Adds a warning at a place of the document; with `--strict` an error.
    func warn(
        _ message: String, path: FieldPath, at position: Position, expected: String? = nil, nearest: String? = nil
    ) {
        diagnostics.add(
            Diagnostic(
                diagnostics.isStrict ? .error : .warning, file: file, position: position, path: path.text,
                message: message, expected: expected, nearest: nearest))
    }
}
