import Autoscalers
import KubernetesAPI
import Testing

@Suite struct MachineOfferTests {
    @Test(arguments: [("on-demand", MachineOffer.Purchase.onDemand), ("spot", .spot)])
    func purchaseModelsAreKarpentersCapacityTypes(text: String, purchase: MachineOffer.Purchase) {
        #expect(MachineOffer.Purchase(rawValue: text) == purchase)
    }
}
