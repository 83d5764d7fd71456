import Chronology
import KubernetesAPI
import Scheduler

// Counterpart: Extender with its validation and defaults (v1.36).

/// Reads `extenders`.
enum ExtenderReading {
    /// Returns the extenders in the order in which they are asked: those that may be passed over come last.
    static func extenders(_ reader: FieldReader) -> [ExtenderSettings] {
        var resources: [String] = []
        var binders = 0
        let extenders: [ExtenderSettings] = reader.objects("extenders") { element in
            let extender = extender(element, &resources)
            if !extender.bindVerb.isEmpty {
                binders += 1
                if binders > 1 {
                    element.error("bindVerb", "another extender binds already", expected: "one that binds")
                }
            }
            return extender
        }
        return extenders.filter { !$0.ignorable } + extenders.filter(\.ignorable)
    }

    private static func extender(_ reader: FieldReader, _ resources: inout [String]) -> ExtenderSettings {
        var extender = ExtenderSettings()
        extender.urlPrefix = address(reader)
        extender.filterVerb = reader.string("filterVerb") ?? ""
        extender.prioritizeVerb = reader.string("prioritizeVerb") ?? ""
        extender.bindVerb = reader.string("bindVerb") ?? ""
        extender.preemptVerb = reader.string("preemptVerb") ?? ""
        extender.weight = reader.int64("weight") ?? 0
        if !extender.prioritizeVerb.isEmpty, extender.weight <= 0 {
            reader.error("weight", "found \(extender.weight)", expected: "a weight above 0 with prioritizeVerb")
        }
        extender.enableHTTPS = reader.bool("enableHTTPS") ?? false
        if reader.has("tlsConfig") {
            reader.warn("tlsConfig", "this field is not modelled: certificates are not looked at")
        }
        if let timeout = reader.goDuration("httpTimeout"), timeout > .zero { extender.httpTimeout = timeout }
        extender.nodeCacheCapable = reader.bool("nodeCacheCapable") ?? false
        extender.ignorable = reader.bool("ignorable") ?? false
        extender.managedResources = reader.objects("managedResources") { entry in
            let name = resource(entry)
            let isIgnored = entry.bool("ignoredByScheduler") ?? false
            guard let name else { return nil }
            if resources.contains(name) {
                entry.error("name", "the resource \(name) is managed by an extender already")
            }
            resources.append(name)
            return ExtenderSettings.ManagedResource(name: name, ignoredByScheduler: isIgnored)
        }
        return extender
    }

    private static func address(_ reader: FieldReader) -> String {
        var text = reader.requiredString("urlPrefix")
        let isAddress = ["http://", "https://"].contains { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }
        if !text.isEmpty, !isAddress {
            reader.error(
                "urlPrefix", "found the text \"\(ManifestTree.shortened(text))\"",
                expected: "an address such as http://127.0.0.1:8888/scheduler")
        }
        while text.hasSuffix("/") { text.removeLast() }
        return text
    }

    /// Returns the name of an extended resource: qualified, and none of Kubernetes' own.
    private static func resource(_ reader: FieldReader) -> String? {
        let name = reader.requiredString("name")
        guard !name.isEmpty else { return nil }
        let isNative = !name.contains("/") || name.split(separator: "/")[0].hasSuffix("kubernetes.io")
        // Quotas know extended resources with this prefix.
        if NameRules.isQualifiedName(name), !isNative, !name.hasPrefix("requests.") { return name }
        reader.error(
            "name", "found the text \"\(ManifestTree.shortened(name))\"",
            expected: "the name of an extended resource such as example.com/device")
        return nil
    }
}
