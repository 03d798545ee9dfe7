using System.Text.RegularExpressions;

namespace VendorPortal.Classification;

/// <summary>Which requests can be part of a pull (R1 to R5). The others are kept in the journal, linked to nothing.</summary>
public static partial class Eligibility
{
    /// <summary>True for a request that succeeded (200, 206) or found nothing new (304) and is no part of a push.</summary>
    public static bool IsEligible(int status, bool isPush) => status is 200 or 206 or 304 && !isPush;

    /// <summary>
    /// Signatures, attestations, SBOMs and the referrers fallback are tags that no person asks for. Their requests never join others (R5,
    /// R6); they make rows of their own, labelled, which are no downloads.
    /// </summary>
    public static bool IsAuxiliaryTag(string? tag) => tag is not null && AuxiliaryTag().IsMatch(tag);

    [GeneratedRegex(@"^sha256-[0-9a-f]{64}(\.(sig|att|sbom))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AuxiliaryTag();
}
