using System.Globalization;
using System.Text;
using VendorPortal.Classification;

namespace VendorPortal.Reports;

/// <summary>
/// Says in words why requests are one pull of their kind: what was asked, in which order and how far apart, and what that means.
/// </summary>
public static class PullExplanation
{
    // More manifests than this are told by their number.
    private const int ToldOneByOne = 4;

    /// <summary>
    /// The explanation of a pull. <paramref name="requests"/> are those of its requests that are still kept, in order of time;
    /// <paramref name="listed"/> holds the digests known to be listed in an index of this pull; <paramref name="removedAfterDays"/> is set
    /// where the requests of its day were removed on purpose.
    /// </summary>
    public static string Of(PullItem pull, PullRule rule, IReadOnlyList<PullRequestLine> requests, IReadOnlySet<string> listed, int? removedAfterDays = null)
    {
        if (requests.Count > 0 && requests.Count == pull.Requests)
        {
            return pull.Kind == PullKind.Denied ? RefusalWords.Of(pull, requests)
                : $"{(rule == PullRule.Imported ? Pattern(rule) : Steps(rule, requests, listed))}: {Verdict(pull.Kind, rule)}.";
        }

        var rest = requests.Count == 0 ? Gone(pull.Requests, removedAfterDays)
            : requests.Count == PullDetailReader.MaxRequests ? $"Of its {Count(pull.Requests, "request")} the first {requests.Count} are shown."
            : $"Of its {Count(pull.Requests, "request")} {requests.Count} {(requests.Count == 1 ? "is" : "are")} still kept.";
        return $"{(pull.Kind == PullKind.Denied ? RefusalWords.Of(pull) : $"{Pattern(rule)}: {Verdict(pull.Kind, rule)}.")} {rest}";
    }

    private static string Pattern(PullRule rule) => rule switch
    {
        PullRule.HeadTag => "HEAD by tag and nothing fetched within 5 s",
        PullRule.GetTag => "GET by tag and nothing after it within 5 s",
        PullRule.GetTagChildren => "GET by tag, then GET of what is listed in it",
        PullRule.HeadTagGet => "HEAD by tag, then GET of what it answered with",
        PullRule.HeadTagGetChildren => "HEAD by tag, then GET of what it answered with, then GET of what is listed in it",
        PullRule.HeadTagChildren => "HEAD by tag, then GET of what is listed in the index it answered with",
        PullRule.GetDigest => "GET by digest and nothing after it within 5 s",
        PullRule.HeadDigest => "HEAD by digest and nothing fetched within 5 s",
        PullRule.GetDigestChildren => "GET by digest, then GET of what is listed in it",
        PullRule.HeadDigestGet => "HEAD by digest, then GET of the same digest",
        PullRule.HeadDigestGetChildren => "HEAD by digest, then GET of the same digest, then GET of what is listed in it",
        PullRule.HeadDigestChildren => "HEAD by digest, then GET of what is listed in that index",
        PullRule.Imported => "Classified by its source before it was imported",
        _ => "Requests that belong together",
    };

    private static string Verdict(PullKind kind, PullRule rule) => (kind, rule) switch
    {
        (PullKind.VersionCheck, PullRule.Imported) => "a version check",
        (_, PullRule.HeadTag) => "a version check, as the client learned what the tag stands for and fetched nothing",
        (_, PullRule.HeadDigest) => "one pull by digest of content the client holds already",
        (_, PullRule.GetTagChildren or PullRule.HeadTagGetChildren or PullRule.GetDigestChildren or PullRule.HeadDigestGetChildren) =>
            "one pull of a multi-architecture image",
        (_, PullRule.HeadTagChildren or PullRule.HeadDigestChildren) => "one pull of a multi-architecture image whose index the client holds already",
        (PullKind.PullByDigest, _) => "one pull by digest",
        _ => "one pull by tag",
    };

    private static string Gone(int requests, int? removedAfterDays)
    {
        var what = requests == 1 ? "The request behind it" : $"The {Count(requests, "request")} behind it";
        return removedAfterDays is { } days
            ? $"{what} {(requests == 1 ? "was" : "were")} removed after {Count(days, "day")} by retention; the rule and the counts stay."
            : $"{what} {(requests == 1 ? "is" : "are")} no longer kept.";
    }

    private static string Steps(PullRule rule, IReadOnlyList<PullRequestLine> requests, IReadOnlySet<string> listed)
    {
        var text = new StringBuilder(First(requests[0]));
        if (requests.Count == 1)
            return text.Append(IsProbe(requests[0]) ? " and nothing fetched within 5 s" : " and nothing after it within 5 s").ToString();
        for (var i = 1; i < requests.Count;)
        {
            var run = RunOfListed(requests, i, listed);
            var last = run > ToldOneByOne ? i + run - 1 : i;
            var what = run > ToldOneByOne
                ? string.Create(CultureInfo.InvariantCulture, $"GET of {run} manifests listed in it")
                : Next(rule, requests, i, listed);
            text.Append(", then ").Append(what).Append(" (").Append(Distance(requests[last].AtUtc - requests[i - 1].AtUtc)).Append(')');
            i = last + 1;
        }

        return text.ToString();
    }

    private static string First(PullRequestLine request) => $"{Verb(request)} by {(PullRows.IsDigest(request.Reference) ? "digest" : "tag")}{Outcome(request)}";

    private static string Next(PullRule rule, IReadOnlyList<PullRequestLine> requests, int index, IReadOnlySet<string> listed)
    {
        var (first, request) = (requests[0], requests[index]);
        var verb = Verb(request);
        if (!PullRows.IsDigest(request.Reference))
            return $"{verb} by {(request.Reference == first.Reference ? "the same tag" : "tag")}{Outcome(request)}";
        if (IsRoot(request, first))
            return $"{verb} of the {(PullRows.IsDigest(first.Reference) ? "same digest" : "digest it answered with")}{Outcome(request)}";
        if (!IsListed(request, listed))
            return $"{verb} of another digest{Outcome(request)}";
        var manifest = request.Platform is { } platform ? $"the {platform} manifest" : "a manifest";
        var where = rule is PullRule.HeadTagChildren or PullRule.HeadDigestChildren ? "the index" : "it";
        return $"{verb} of {manifest} listed in {where}{Outcome(request)}";
    }

    private static int RunOfListed(IReadOnlyList<PullRequestLine> requests, int start, IReadOnlySet<string> listed)
    {
        var run = 0;
        while (start + run < requests.Count && requests[start + run] is { Method: RequestMethod.Get } request && IsListed(request, listed) && !IsRoot(request, requests[0]))
            run++;
        return run;
    }

    private static bool IsRoot(PullRequestLine request, PullRequestLine first) =>
        request.Reference == first.Reference || (first.Digest is { } digest && request.Reference == digest);

    private static bool IsListed(PullRequestLine request, IReadOnlySet<string> listed) => listed.Contains(request.Reference);

    internal static string Verb(PullRequestLine request) => request.Method == RequestMethod.Head ? "HEAD" : "GET";

    // What was not modified was not transferred, so the rules take it as a HEAD; the words show what was sent.
    private static string Outcome(PullRequestLine request) => request.Status == 304 ? " (not modified)" : "";

    private static bool IsProbe(PullRequestLine request) => request.Method == RequestMethod.Head || request.Status == 304;

    internal static string Distance(TimeSpan distance) =>
        distance < TimeSpan.FromMilliseconds(5) ? "under 0.01 s" : string.Create(CultureInfo.InvariantCulture, $"{distance.TotalSeconds:0.00} s");

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
