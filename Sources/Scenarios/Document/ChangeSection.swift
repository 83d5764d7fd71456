import Chronology
import KubernetesAPI
import Simulation

/// A change before the objects it is about are known.
struct ChangeDraft {
    var at: Instant
    var every: Duration?
    var act: Act
    /// Where it says when.
    var timing: (path: FieldPath, position: Position)
    /// Where the act stands.
    var path: FieldPath
    var position: Position

    enum Act {
        case ready(ScheduledChange.Act)
        /// Manifests to be applied.
        case apply([String])
        /// A container's image; without a name the workload's only container is meant.
        case setImage(ObjectKey, container: String?, image: String)
    }
}

/// Reads `changes`: what people do to the cluster while it runs.
extension ScenarioReading {
    private static let acts = [
        "apply", "scale", "setImage", "cordon", "uncordon", "drain", "shutdown", "reboot", "delete", "replacePods",
        "moveTag", "push",
    ]

    func change(_ reader: FieldReader) -> ChangeDraft? {
        let at = reader.read("at") { instant($0, path: $1) }
        let every = period("every", "the time from one change to the next must be above zero", reader)
        if !reader.has("at"), !reader.has("every") {
            decoding.error(
                "it is not said when the change is made", path: reader.path, at: reader.position,
                expected: "at, every, or both")
        }
        let found = Self.acts.filter(reader.has)
        let acts = Self.acts.map { name in (name, act(name, reader)) }
        guard found.count == 1, let name = found.first else {
            decoding.error(
                found.isEmpty ? "it is not said what is changed" : "found \(found.joined(separator: " and "))",
                path: reader.path, at: reader.position, expected: "exactly one of \(Self.acts.joined(separator: ", "))")
            return nil
        }
        guard let act = acts.first(where: { $0.0 == name })?.1, let start = at ?? every.map({ .start + $0 }) else {
            return nil
        }
        let position = reader.read(name) { tree, _ in tree.position } ?? reader.position
        let timing = place(of: reader.has("at") ? "at" : "every", reader)
        return ChangeDraft(
            at: start, every: every, act: act, timing: timing, path: reader.path.field(name), position: position)
    }

    func place(of field: String, _ reader: FieldReader) -> (path: FieldPath, position: Position) {
        (reader.path.field(field), reader.value(field)?.position ?? reader.position)
    }

    /// Returns what the field `name` asks for, or nil when it is absent or wrong.
    private func act(_ name: String, _ reader: FieldReader) -> ChangeDraft.Act? {
        switch name {
        case "apply":
            let paths = reader.oneOrMore("apply")
            if reader.value("apply")?.elements?.isEmpty ?? false {
                reader.error("apply", "there is nothing to apply", expected: "files or folders with manifests")
            }
            return paths.isEmpty ? nil : .apply(paths)
        case "scale":
            return reader.object("scale") { scale in
                scale.require("replicas", expected: "a number of replicas")
                let replicas = scale.count("replicas")
                let key = objectKey(scale, kinds: [.deployment, .replicaSet, .statefulSet], assumed: .deployment)
                guard let key, let replicas else { return nil }
                return .ready(.scale(key, replicas: replicas))
            }.flatMap { $0 }
        case "setImage":
            return reader.object("setImage") { image in
                let key = objectKey(image, kinds: [.deployment], assumed: .deployment)
                let container = image.string("container")
                let reference = image.requiredString("image")
                guard let key, !reference.isEmpty else { return nil }
                if !ImageGrammar.accepts(reference) {
                    warn(
                        ImageGrammar.complaint(of: reference), path: image.path.field("image"),
                        at: image.value("image")?.position ?? image.position, expected: ImageGrammar.example)
                }
                return .setImage(key, container: container, image: reference)
            }.flatMap { $0 }
        case "cordon", "uncordon", "shutdown", "reboot":
            checkLater(.node, name, reader)
            guard let node = reader.string(name) else { return nil }
            switch name {
            case "cordon": return .ready(.cordon(node: node))
            case "uncordon": return .ready(.uncordon(node: node))
            default: return .ready(.shutDown(node: node, restarts: name == "reboot"))
            }
        case "drain": return drain(reader).map { .ready(.drain($0)) }
        case "delete":
            return reader.object("delete") { object in
                objectKey(object, kinds: ObjectKind.allCases.filter { $0 != .other }, assumed: nil)
                    .map { .ready(.delete($0)) }
            }.flatMap { $0 }
        case "moveTag":
            return reader.object("moveTag") { movedTag($0) }.flatMap { $0 }
                .map { .ready(.publish(image: $0.image, $0.statement)) }
        case "push":
            return reader.object("push") { pushed($0) }.flatMap { $0 }
                .map { .ready(.publish(image: $0.image, $0.statement)) }
        default:
            return reader.read("replacePods") { share($0, path: $1, whole: 1_000_000) }
                .map { .ready(.replacePods(partsPerMillion: $0)) }
        }
    }

    /// Returns a drain: the name of a node, or a mapping with the flags of `kubectl drain` beside it.
    private func drain(_ reader: FieldReader) -> DrainOptions? {
        guard reader.isMapping("drain") else {
            checkLater(.node, "drain", reader)
            return reader.string("drain").map { .everything(on: $0) }
        }
        return reader.object("drain") { drain -> DrainOptions? in
            drain.require("node", expected: "the name of a node")
            checkLater(.node, "node", drain)
            let name = drain.string("node")
            var options = DrainOptions(node: name ?? "")
            options.force = drain.bool("force") ?? false
            options.deleteEmptyDirData = drain.bool("deleteEmptyDirData") ?? false
            options.ignoreDaemonSets = drain.bool("ignoreDaemonSets") ?? false
            options.disableEviction = drain.bool("disableEviction") ?? false
            let grace = drain.read("gracePeriod") { duration($0, path: $1) }
            options.gracePeriodSeconds = grace.map(\.wholeSeconds)
            options.timeout = drain.read("timeout") { duration($0, path: $1) }
            // As with kubectl, no time stands for all the time in the world.
            if options.timeout == .zero { options.timeout = nil }
            return name == nil ? nil : options
        }.flatMap { $0 }
    }

    private func objectKey(_ reader: FieldReader, kinds: [ObjectKind], assumed: ObjectKind?) -> ObjectKey? {
        let names = kinds.map(\.name)
        let name = reader.requiredString("name")
        let namespace = reader.string("namespace")
        if assumed == nil { reader.require("kind", expected: "the kind of the object") }
        guard let text = reader.string("kind") ?? assumed?.name else { return nil }
        guard let kind = ObjectKind(name: text), kinds.contains(kind) else {
            reader.error(
                "kind", "found the text \"\(ManifestTree.shortened(text))\"",
                expected: names.count > 6 ? "a kind of object" : "one of \(names.joined(separator: ", "))",
                nearest: NearestName.of(text, among: names))
            return nil
        }
        if namespace != nil, !kind.isNamespaced {
            reader.error("namespace", "a \(kind.name) is in no namespace")
        }
        return name.isEmpty ? nil : ObjectKey(kind, namespace: namespace ?? "default", name: name)
    }
}
