// Counterpart: pkg/apis/*/validation (v1.36): the rules that scheduling, controllers or addressing depend on.
// Rules about single values (ranges, known words) are checked while decoding.

/// Checks objects by the rules of the API server.
package enum ObjectValidation {
    /// Returns the rules that `object` breaks, in the order of its fields.
    package static func findings(in object: KubernetesObject) -> [ValidationFinding] {
        var check = ValidationCheck()
        check.metadata(object.metadata, of: object.kind)
        let spec = FieldPath.root.field("spec")
        switch object {
        case .pod(let pod):
            check.podSpec(pod.spec, labels: pod.metadata.labels, at: spec)
        case .replicaSet(let set):
            check.selector(set.spec.selector, of: set.spec.template, at: spec)
            check.template(set.spec.template, at: spec.field("template"), policies: [.always])
        case .replicationController(let controller):
            check.selector(controller.spec.selector, of: controller.spec.template, at: spec)
            check.template(controller.spec.template, at: spec.field("template"), policies: [.always])
        case .deployment(let deployment):
            check.deployment(deployment, at: spec)
        case .statefulSet(let set):
            check.selector(set.spec.selector, of: set.spec.template, at: spec)
            check.require(
                set.spec.serviceName.isEmpty || NameRules.isDNSLabel(set.spec.serviceName), spec.field("serviceName"),
                "not a valid name of a service", expected: "letters in lower case, digits and \"-\"; at most 63")
            check.template(set.spec.template, at: spec.field("template"), policies: [.always])
            for (index, claim) in set.spec.volumeClaimTemplates.enumerated() {
                check.claim(claim.spec, at: spec.field("volumeClaimTemplates").index(index).field("spec"))
            }
        case .daemonSet(let set):
            check.selector(set.spec.selector, of: set.spec.template, at: spec)
            check.template(set.spec.template, at: spec.field("template"), policies: [.always])
            check.daemonSetStrategy(set.spec.updateStrategy, at: spec.field("updateStrategy"))
        case .job(let job):
            check.job(job, at: spec)
        case .cronJob(let job):
            check.cronJob(job, at: spec)
        case .podDisruptionBudget(let budget):
            check.budget(budget, at: spec)
        case .node(let node):
            check.node(node)
        case .priorityClass(let priority):
            check.priorityClass(priority)
        case .persistentVolume(let volume):
            check.volume(volume, at: spec)
        case .persistentVolumeClaim(let claim):
            check.claim(claim.spec, at: spec)
        case .horizontalPodAutoscaler(let autoscaler):
            check.autoscaler(autoscaler, at: spec)
        case .verticalPodAutoscaler(let autoscaler):
            check.verticalAutoscaler(autoscaler, at: spec)
        case .resourceQuota(let quota):
            check.quota(quota, at: spec)
        case .limitRange(let range):
            check.limitRange(range, at: spec.field("limits"))
        case .service(let service):
            check.service(service, at: spec)
        case .namespace, .storageClass, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other: break
        }
        return check.findings
    }
}

extension ObjectValidation {
    /// Returns the rules that node affinity at `path` breaks.
    package static func findings(in rules: NodeAffinityRules, at path: FieldPath) -> [ValidationFinding] {
        var check = ValidationCheck()
        check.nodeAffinity(rules, at: path)
        return check.findings
    }
}

/// Gathers the rules that one object breaks.
struct ValidationCheck {
    private(set) var findings: [ValidationFinding] = []

    mutating func add(_ path: FieldPath, _ message: String, expected: String? = nil) {
        findings.append(ValidationFinding(path, message, expected: expected))
    }

    /// Records `message` unless `isRight`.
    mutating func require(
        _ isRight: Bool, _ path: FieldPath, _ message: @autoclosure () -> String, expected: String? = nil
    ) {
        if !isRight { add(path, message(), expected: expected) }
    }
}
