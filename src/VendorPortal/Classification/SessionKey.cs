using VendorPortal.Journal;

namespace VendorPortal.Classification;

/// <summary>
/// Whose requests can belong together (R8): vendor, repository, address, user agent and principal, or in the strict mode vendor,
/// repository and address. 0 = unknown. Requests for auxiliary tags stay among themselves.
/// </summary>
internal readonly record struct SessionKey(int VendorId, int ArtifactId, int AddressId, int ClientId, int UserId, bool IsAuxiliary)
{
    public static SessionKey Of(JournaledRequest request, ClassificationMode mode) => Of(
        request.VendorId, request.ArtifactId, request.AddressId ?? 0, request.ClientId ?? 0, request.UserId ?? 0, request.Facts.Tag, mode);

    public static SessionKey Of(int vendorId, int artifactId, int addressId, int clientId, int userId, string? tag, ClassificationMode mode) => mode == ClassificationMode.Strict
        ? new SessionKey(vendorId, artifactId, addressId, 0, 0, Eligibility.IsAuxiliaryTag(tag))
        : new SessionKey(vendorId, artifactId, addressId, clientId, userId, Eligibility.IsAuxiliaryTag(tag));
}
