using System.Text.RegularExpressions;

namespace VendorPortal.Classification;

/// <summary>Which requests can be part of a row (R1 to R5). The others are kept in the journal, linked to nothing.</summary>
public static partial class Eligibility
{
    /// <summary>True for a request that succeeded (200, 206) or found nothing new (304): it can be part of a pull.</summary>
    public static bool IsSuccess(int status) => status is 200 or 206 or 304;

    /// <summary>
    /// True for a request that was refused in a way worth a row: 403, 404, 429, or a 401 that came with credentials. A 401 without them is
    /// how every client begins; other failures say nothing of the client.
    /// </summary>
    public static bool IsRefusal(int status, bool hasUser) => status is 403 or 404 or 429 || (status == 401 && hasUser);

    /// <summary>True for a request that is classified: a success or a refusal that is no part of a push.</summary>
    public static bool IsEligible(int status, bool hasUser, bool isPush) => !isPush && (IsSuccess(status) || IsRefusal(status, hasUser));

    /// <summary>
    /// Signatures, attestations, SBOMs and the referrers fallback are tags that no person asks for. Their requests never join others (R5,
    /// R6); they make rows of their own, labelled, which are no downloads.
    /// </summary>
    public static bool IsAuxiliaryTag(string? tag) => tag is not null && AuxiliaryTag().IsMatch(tag);

    [GeneratedRegex(@"^sha256-[0-9a-f]{64}(\.(sig|att|sbom))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AuxiliaryTag();
}
