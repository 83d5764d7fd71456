/// A reference from an object to one that owns it (`metav1.OwnerReference`).
@usableFromInline
package struct OwnerReference: Hashable, Sendable {
    @usableFromInline package var apiVersion: String
    @usableFromInline package var kind: String
    @usableFromInline package var name: String
    @usableFromInline package var uid: UID
    @usableFromInline package var controller: Bool
    @usableFromInline package var blockOwnerDeletion: Bool

    package init(
        apiVersion: String, kind: String, name: String, uid: UID, controller: Bool = true,
        blockOwnerDeletion: Bool = true
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.uid = uid
        self.controller = controller
        self.blockOwnerDeletion = blockOwnerDeletion
    }
}
