using System.Globalization;

namespace VendorPortal.Reports;

/// <summary>Says in words what a denied client asked for, and what it was told.</summary>
internal static class RefusalWords
{
    // More requests than this are told by their number.
    private const int ToldOneByOne = 4;

    /// <summary>Of a row whose requests are at hand, in order of time.</summary>
    public static string Of(PullItem pull, IReadOnlyList<PullRequestLine> requests) =>
        $"{Steps(requests)}, {(requests.Any(r => r.Status != pull.Status) ? "at last " : "")}{Answer(pull.Status)}: {Verdict(pull)}";

    /// <summary>Of a row whose requests are not.</summary>
    public static string Of(PullItem pull) => $"Asked for by {(pull.Tag is null ? "digest" : "tag")}, {Answer(pull.Status)}: {Verdict(pull)}";

    private static string Steps(IReadOnlyList<PullRequestLine> requests)
    {
        var first = $"{PullExplanation.Verb(requests[0])} by {(PullRows.IsDigest(requests[0].Reference) ? "digest" : "tag")}";
        if (requests.Count > ToldOneByOne)
            return string.Create(CultureInfo.InvariantCulture, $"{first} and {requests.Count - 1} more requests for it ({PullExplanation.Distance(requests[^1].AtUtc - requests[0].AtUtc)})");
        return string.Join(", then ", requests.Skip(1).Select((request, i) => $"{PullExplanation.Verb(request)} of the same ({PullExplanation.Distance(request.AtUtc - requests[i].AtUtc)})").Prepend(first));
    }

    private static string Answer(int? status) => status switch
    {
        401 => "asked for with credentials, refused (401)",
        403 => "not allowed (403)",
        404 => "not found (404)",
        429 => "asked too often (429)",
        _ => $"refused ({status?.ToString(CultureInfo.InvariantCulture) ?? "the status is not known"})",
    };

    // The name that comes with a 401 is a claim and nothing more.
    private static string Verdict(PullItem pull) =>
        "nothing was pulled, and nothing else that this client asked for was answered within 5 s." + (pull.Status == 401 ? " The account is the one the client named; its credentials were not accepted." : "");
}
