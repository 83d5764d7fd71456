extension TreeEncoder {
    func verticalAutoscaler(_ object: VerticalPodAutoscaler) -> [(String, ManifestTree?)] {
        let target = ManifestTree.mapping([("kind", .text(object.targetKind)), ("name", .text(object.targetName))])
        let requirements = list(object.evictionRequirements) {
            .mapping([
                ("resources", texts($0.resources.map(\.text))), ("changeRequirement", .text($0.change.rawValue)),
            ])
        }
        return [
            (
                "spec",
                .mapping([
                    ("targetRef", target),
                    (
                        "updatePolicy",
                        .mapping([
                            ("updateMode", .text(object.updateMode.rawValue)),
                            ("minReplicas", number(object.minReplicas)), ("evictionRequirements", requirements),
                        ])
                    ),
                    (
                        "resourcePolicy",
                        optional([("containerPolicies", list(object.containerPolicies, containerPolicy))])
                    ),
                ])
            ),
            (
                "status",
                optional([
                    (
                        "recommendation",
                        object.status.recommendation.map {
                            .mapping([("containerRecommendations", list($0, recommendation))])
                        }
                    ), ("conditions", list(object.status.conditions, condition)),
                ])
            ),
        ]
    }

    private func containerPolicy(_ policy: VerticalPodAutoscaler.ContainerPolicy) -> ManifestTree {
        .mapping([
            ("containerName", .text(policy.containerName)), ("mode", policy.isOff ? .text("Off") : nil),
            ("minAllowed", resources(policy.minAllowed)), ("maxAllowed", resources(policy.maxAllowed)),
            // An empty list says "none", unlike an absent one.
            ("controlledResources", policy.controlledResources.map { .sequence($0.map { .text($0.text) }) }),
            ("controlledValues", text(policy.controlledValues?.rawValue)),
        ])
    }

    private func recommendation(_ found: VerticalPodAutoscaler.ContainerRecommendation) -> ManifestTree {
        .mapping([
            ("containerName", .text(found.containerName)), ("target", resources(found.target)),
            ("lowerBound", resources(found.lowerBound)), ("upperBound", resources(found.upperBound)),
            ("uncappedTarget", resources(found.uncappedTarget)),
        ])
    }
}
