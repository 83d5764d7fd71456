package import Chronology
package import KubernetesAPI

/// Makes the objects that arrive out of a template and what a trace says of them.
package enum ArrivingObject {
    /// The label that tells which process an object came from; rules of `workloads` can match it.
    package static let processLabel = "orrery.dev/arrivals"
    /// The annotation of a pod that tells how long its main containers run; it stands above the rules of `workloads`.
    package static let runTimeAnnotation = "orrery.dev/run-time"

    /// Returns the objects of one arrival.
    ///
    /// Their names are the process's name and a number that goes on from `first`, or the name in the row.
    package static func objects(
        of arrival: ArrivalClock.Arrival, spec: ArrivalSpec, template: KubernetesObject, first: Int64
    ) -> [KubernetesObject] {
        let row = arrival.row
        let count = row?.count ?? spec.count
        return (0..<count).map { place in
            let name =
                switch (row?.name ?? "", count) {
                case ("", _): "\(spec.name)-\(first + place)"
                case (let own, 1): own
                case (let own, _): "\(own)-\(place + 1)"
                }
            var object = template
            object.metadata.name = name
            object.metadata.generateName = ""
            object.metadata.labels[processLabel] = spec.name
            if let row { apply(row, to: &object) }
            return object
        }
    }

    // MARK: - What a row says

    private static func apply(_ row: ArrivalRow, to object: inout KubernetesObject) {
        switch object {
        case .pod(var pod):
            pod.specBox = PodSpecBox(asking(pod.spec, row))
            pod.metadata.annotations[runTimeAnnotation] =
                row.runTime?.description ?? pod.metadata.annotations[runTimeAnnotation]
            object = .pod(pod)
        case .job(var job):
            if let parallelism = row.parallelism { job.spec.parallelism = parallelism }
            if let completions = row.completions { job.spec.completions = completions }
            change(&job.spec.template, row)
            object = .job(job)
        case .cronJob(var owner):
            change(&owner.spec.jobTemplate.template, row)
            object = .cronJob(owner)
        case .replicaSet(var owner):
            change(&owner.spec.template, row)
            object = .replicaSet(owner)
        case .deployment(var owner):
            change(&owner.spec.template, row)
            object = .deployment(owner)
        case .statefulSet(var owner):
            change(&owner.spec.template, row)
            object = .statefulSet(owner)
        case .daemonSet(var owner):
            change(&owner.spec.template, row)
            object = .daemonSet(owner)
        case .replicationController(var owner):
            change(&owner.spec.template, row)
            object = .replicationController(owner)
        case .namespace, .node, .service, .podDisruptionBudget, .priorityClass, .persistentVolume,
            .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota,
            .limitRange,
            .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            break
        }
    }

    private static func change(_ template: inout PodTemplateSpec, _ row: ArrivalRow) {
        if row.cpu != nil || row.memory != nil || row.gpu != nil { template.spec = asking(template.spec, row) }
        if let runTime = row.runTime { template.annotations[runTimeAnnotation] = runTime.description }
    }

    /// Returns `spec` with the row's requests in its first container; a limit below its request is raised to it.
    private static func asking(_ spec: PodSpec, _ row: ArrivalRow) -> PodSpec {
        guard var container = spec.containers.first else { return spec }
        for (name, amount) in [(ResourceName.cpu, row.cpu), (.memory, row.memory), (.nvidiaGPU, row.gpu)] {
            guard let amount else { continue }
            container.requests[name] = amount
            // Extended resources are requested by their limit.
            if let limit = container.limits[name], limit < amount { container.limits[name] = amount }
            if name == .nvidiaGPU { container.limits[name] = amount }
        }
        var changed = spec
        changed.containers[0] = container
        return changed
    }
}
