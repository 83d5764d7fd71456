import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

@Suite("The index of budgets by label")
struct BudgetIndexTests {
    private let labels: [StringMap] = [["app": "a"], ["app": "b", "tier": "x"], ["tier": "y"], [:]]
    private let selectors: [LabelSelector?] = [
        LabelSelector(matchLabels: ["app": "a"]), LabelSelector(matchLabels: ["tier": "x"]),
        LabelSelector(matchLabels: ["app": "b", "tier": "x"]), LabelSelector(), nil,
        LabelSelector(matchExpressions: [.init(key: "tier", operator: .exists)]),
    ]

    private func names(_ budgets: [PodDisruptionBudget]) -> [String] { budgets.map(\.metadata.name) }

    private func check(_ store: ObjectStore) {
        for selector in selectors.compactMap({ $0 }) {
            let found = store.pods(inNamespace: "default", matching: selector)
            let expected = store.pods(inNamespace: "default").filter { selector.matches($0.metadata.labels) }
            #expect(found.map(\.metadata.name) == expected.map(\.metadata.name))
        }
        for labels in labels {
            var expected: [String] = []
            for case .podDisruptionBudget(let budget) in store.objects(of: .podDisruptionBudget, namespace: "default")
            where budget.selector?.matches(labels) ?? false {
                expected.append(budget.metadata.name)
            }
            #expect(names(store.disruptionBudgets(inNamespace: "default", matching: labels)) == expected)
        }
        #expect(store.checkIndexes() == [])
    }

    @Test("answers as a search through all of them would, whatever is written", arguments: 1...5 as ClosedRange<UInt64>)
    func random(seed: UInt64) throws {
        var dice = RandomRequests(seed: seed)
        var store = ObjectStore(seed: seed)
        for step in 0..<400 as Range<Int64> {
            let labels = labels[dice.number(below: labels.count)]
            let selector = selectors[dice.number(below: selectors.count)]
            let pods = store.pods(inNamespace: "default")
            let budgets = store.objects(of: .podDisruptionBudget, namespace: "default")
            switch dice.number(below: 8) {
            case 0, 1, 2: _ = try store.add(newPod("p-\(step)", labels: labels), at: step)
            case 3 where !pods.isEmpty:
                var pod = pods[dice.number(below: pods.count)]
                pod.metadata.labels = labels
                try store.apply(.update(.pod(pod)), now: at(step))
            case 4 where !pods.isEmpty: try store.erase(pods[dice.number(below: pods.count)].key, at: step)
            case 5:
                var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "b-\(step)", namespace: "default"))
                budget.selector = selector
                _ = try store.add(.podDisruptionBudget(budget), at: step)
            case 6 where !budgets.isEmpty:
                guard case .podDisruptionBudget(var budget) = budgets[dice.number(below: budgets.count)] else { break }
                budget.selector = selector
                try store.apply(.update(.podDisruptionBudget(budget)), now: at(step))
            case 7 where !budgets.isEmpty: try store.erase(budgets[dice.number(below: budgets.count)].key, at: step)
            default: break
            }
            if step % 20 == 19 { check(store) }
        }
    }
}

extension ObjectStore {
    fileprivate mutating func erase(_ key: ObjectKey, at seconds: Int64) throws {
        try apply(.delete(key, uid: nil, gracePeriodSeconds: 0, propagation: .background), now: at(seconds))
    }
}
