import ControlPlane
import KubernetesAPI

/// A refusal of the API server as a client reads it (`metav1.Status`).
enum APIAnswer {
    static func tree(
        _ error: ActionError, _ action: Action, _ step: String, in view: any ClusterView
    ) -> ManifestTree {
        let key = action.key
        let name = key.kind == .other ? String(key.name.drop { $0 != "/" }.dropFirst()) : key.name
        let resource = "\(resource(key)) \"\(name)\""
        var code: Int64
        var reason: String?
        var message: String
        var causes: ManifestTree?
        switch error {
        case .notFound: (code, reason, message) = (404, "NotFound", resource + " not found")
        case .alreadyExists: (code, reason, message) = (409, "AlreadyExists", resource + " already exists")
        case .conflict: (code, reason, message) = (409, "Conflict", "Operation cannot be fulfilled on " + resource)
        case .unavailable: (code, reason, message) = (503, "ServiceUnavailable", "")
        case .forbidden(let text):
            // A quota's refusal names the object itself.
            (code, reason) = (403, "Forbidden")
            message = text.hasPrefix(resource) ? text : "\(resource) is forbidden: \(text)"
        case .namespaceTerminating:
            (code, reason, message) = (403, "Forbidden", "\(resource) is forbidden: \(error)")
        case .disruptionBudget(let budget):
            (code, reason) = (429, "TooManyRequests")
            message = "Cannot evict pod as it would violate the pod's disruption budget."
            causes = .sequence([cause("DisruptionBudget", budgetText(budget, key.namespace, in: view))])
        case .invalid(let text):
            if case .evict = action {
                (code, message) = (500, text)
            } else {
                (code, reason, message) = (422, "Invalid", "\(kind(key)) \"\(name)\" is invalid: \(text)")
                // "path: detail": a cause carries the detail only.
                let detail = text.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) } ?? text
                let type =
                    detail.hasPrefix("Forbidden")
                    ? "FieldValueForbidden"
                    : detail.hasPrefix("Required") ? "FieldValueRequired" : "FieldValueInvalid"
                causes = .sequence([cause(type, detail)])
            }
        }
        return .mapping([
            ("step", .text(step)), ("code", .number(code)), ("reason", reason.map { .text($0) }),
            ("message", .text(message)), ("causes", causes),
        ])
    }

    private static func cause(_ reason: String, _ message: String) -> ManifestTree {
        .mapping([("reason", .text(reason)), ("message", .text(message))])
    }

    private static func budgetText(_ name: String, _ namespace: String, in view: any ClusterView) -> String {
        let key = ObjectKey(.podDisruptionBudget, namespace: namespace, name: name)
        guard case .podDisruptionBudget(let budget)? = view.object(key) else { return "" }
        let status = budget.status
        if status.observedGeneration < budget.metadata.generation {
            return "The disruption budget \(name) is still being processed by the server."
        }
        let condition = status.conditions.named("DisruptionAllowed")
        let blocked = "The disruption budget \(name) does not allow evicting pods currently"
        let message = condition?.status == .false ? condition?.message ?? "" : ""
        if !message.isEmpty, condition?.reason == "SyncFailed" {
            return "\(blocked) because it failed sync: \(message)"
        }
        if status.currentHealthy <= status.desiredHealthy {
            return "The disruption budget \(name) needs \(status.desiredHealthy) healthy pods and has"
                + " \(status.currentHealthy) currently"
        }
        return message.isEmpty ? blocked : "\(blocked) (\(condition?.reason ?? "")): \(message)"
    }

    /// The resource as messages name it: plural, with its group.
    private static func resource(_ key: ObjectKey) -> String {
        KubernetesObject.plural(ofKind: kindName(key)) + group(key)
    }

    private static func kind(_ key: ObjectKey) -> String { kindName(key) + group(key) }

    private static func kindName(_ key: ObjectKey) -> String {
        key.kind == .other ? String(key.name.prefix { $0 != "/" && $0 != "." }) : key.kind.name
    }

    private static func group(_ key: ObjectKey) -> String {
        let version = KubernetesObject.servedVersions(of: key.kind)?.first ?? "v1"
        guard let slash = version.firstIndex(of: "/") else { return "" }
        return ".\(version[..<slash])"
    }
}
