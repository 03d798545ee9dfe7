using System.Text;
using Microsoft.Extensions.Primitives;
using VendorPortal.Enrichment;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports;

/// <summary>A parameter that could not be read: its name and what is accepted.</summary>
public sealed record FilterError(string Parameter, string Message);

/// <summary>
/// The filter as query parameters, the same for pages, API, exports and the command line:
/// <c>from to customer user address artifact version kind client country host network-type text publishers</c>, the dimensions once more with <c>not-</c> before them for what
/// is left out, and <c>zone</c> for bare dates (default UTC).
/// <c>from</c> is inclusive; <c>to</c> is exclusive as an instant, and means through the end of that day as a bare date.
/// </summary>
public static class PullFilterUrl
{
    /// <summary>Most values of one parameter.</summary>
    public const int MaxValues = 200;

    /// <summary>Longest text that can be looked for.</summary>
    public const int MaxText = 200;

    /// <summary>Before the name of a dimension: its values are left out.</summary>
    public const string Not = "not-";

    private static readonly string[] PublisherNames = ["exclude", "include", "only"];

    /// <summary>Reads a filter. Unknown parameters are left alone; what cannot be read is named in <paramref name="errors"/>.</summary>
    public static PullFilter Parse(IEnumerable<KeyValuePair<string, StringValues>> query, out IReadOnlyList<FilterError> errors)
    {
        var parameters = new Parameters(query);
        var zone = parameters.Zone();
        var filter = new PullFilter
        {
            FromUtc = parameters.Time("from", isEnd: false, zone),
            ToUtc = parameters.Time("to", isEnd: true, zone),
            Text = parameters.Text("text", MaxText),
            Publishers = parameters.Publishers(),
        };
        foreach (var dimension in Enum.GetValues<FilterDimension>())
        {
            filter = filter.With(dimension, parameters.Values(ParameterOf(dimension), dimension));
            filter = filter.WithNot(dimension, parameters.Values(Not + ParameterOf(dimension), dimension));
        }

        if (filter.FromUtc >= filter.ToUtc)
            parameters.Errors.Add(new FilterError("from", "from lies after to: no pull can be between them. Give a from that is earlier than to."));
        errors = parameters.Errors;
        return filter;
    }

    /// <summary>The parameters that stand for a filter, without a leading question mark; empty for the default filter. Midnights of the zone are written as bare dates.</summary>
    public static string Format(PullFilter filter, TimeZoneInfo zone)
    {
        var text = new StringBuilder();
        var hasDates = AppendTime(text, "from", filter.FromUtc, isEnd: false, zone);
        hasDates |= AppendTime(text, "to", filter.ToUtc, isEnd: true, zone);
        if (hasDates && zone.Id != TimeZoneInfo.Utc.Id)
            Append(text, "zone", zone.Id);
        foreach (var dimension in Enum.GetValues<FilterDimension>())
        {
            AppendAll(text, ParameterOf(dimension), filter.Only[dimension]);
            AppendAll(text, Not + ParameterOf(dimension), filter.Not[dimension]);
        }

        if (filter.Text is { } wanted)
            Append(text, "text", wanted);
        if (filter.Publishers != PublisherPulls.Exclude)
            Append(text, "publishers", PublisherNames[(int)filter.Publishers]);
        return text.ToString();
    }

    /// <summary>The parameter a dimension is filtered by.</summary>
    public static string ParameterOf(FilterDimension dimension) => dimension switch
    {
        FilterDimension.Customer => "customer",
        FilterDimension.User => "user",
        FilterDimension.Address => "address",
        FilterDimension.Artifact => "artifact",
        FilterDimension.Version => "version",
        FilterDimension.Kind => "kind",
        FilterDimension.Client => "client",
        FilterDimension.Country => "country",
        FilterDimension.Host => "host",
        _ => "network-type",
    };

    private static (string? Value, string? Accepted) Read(FilterDimension dimension, string text) => dimension switch
    {
        FilterDimension.Customer => Name(text, Customer.MaxName),
        FilterDimension.User => Name(text, RegistryUser.MaxPrincipal),
        FilterDimension.Address => Address(text),
        FilterDimension.Artifact => Name(text, Artifact.MaxName),
        FilterDimension.Version => Name(text, ArtifactVersion.MaxName),
        FilterDimension.Kind => Kind(text),
        FilterDimension.Client => Name(text, Client.MaxUserAgent),
        FilterDimension.Country => Country(text),
        FilterDimension.Host => Name(text, NetworkRecord.MaxHost),
        _ => NetworkType(text),
    };

    private static (string? Value, string? Accepted) Name(string text, int maxLength) =>
        (text.Length <= maxLength ? text : null, $"a name of at most {maxLength} characters");

    private static (string? Value, string? Accepted) Address(string text) =>
        text == PullFilter.None
            ? (text, null)
            : (IpRange.Parse(text)?.Text, "an IP address such as 203.0.113.7 or 2001:db8::1, a CIDR range such as 203.0.113.0/24, or - for unknown");

    private static (string? Value, string? Accepted) Kind(string text) =>
        (KindNames.TryParse(text, out var kind) ? KindNames.Of(kind) : null, $"one of {string.Join(", ", KindNames.All)}");

    private static (string? Value, string? Accepted) Country(string text) =>
        (text == PullFilter.None ? text : Countries.Code(text), "a country code of ISO 3166-1 such as DE, or - for unknown");

    private static (string? Value, string? Accepted) NetworkType(string text)
    {
        string[] types = [.. NetworkTypes.All, PullFilter.None];
        return (Array.Find(types, type => string.Equals(type, text, StringComparison.OrdinalIgnoreCase)), $"one of {string.Join(", ", NetworkTypes.All)}, or - for unknown");
    }

    private static bool AppendTime(StringBuilder text, string name, DateTime? utc, bool isEnd, TimeZoneInfo zone)
    {
        if (utc is not { } instant)
            return false;
        var day = ZoneDays.StartingAt(instant, zone);
        if (isEnd)
            day = day > DateOnly.MinValue ? day.Value.AddDays(-1) : null; // a bare date as an end means through that day

        Append(text, name, day is { } date ? FilterTimes.Format(date) : FilterTimes.Format(instant));
        return day is not null;
    }

    private static void AppendAll(StringBuilder text, string name, FilterValues values)
    {
        foreach (var value in values)
            Append(text, name, value);
    }

    private static void Append(StringBuilder text, string name, string value)
    {
        if (text.Length > 0)
            text.Append('&');
        // A query may hold these as they are, and people read addresses of pages.
        var escaped = Uri.EscapeDataString(value).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal);
        text.Append(name).Append('=').Append(escaped);
    }

    private sealed class Parameters
    {
        private readonly Dictionary<string, List<string>> values = new(StringComparer.OrdinalIgnoreCase);

        public Parameters(IEnumerable<KeyValuePair<string, StringValues>> query)
        {
            foreach (var (name, given) in query)
            {
                if (!values.TryGetValue(name, out var list))
                    values[name] = list = [];
                list.AddRange(given.Where(value => !string.IsNullOrEmpty(value))!);
            }
        }

        public List<FilterError> Errors { get; } = [];

        public TimeZoneInfo Zone()
        {
            if (Single("zone") is not { } id)
                return TimeZoneInfo.Utc;
            if (FilterTimes.TryFindZone(id, out var zone))
                return zone;
            Refuse("zone", id, "an IANA time zone such as Europe/Berlin or UTC");
            return TimeZoneInfo.Utc;
        }

        public DateTime? Time(string name, bool isEnd, TimeZoneInfo zone)
        {
            if (Single(name) is not { } text)
                return null;
            if (FilterTimes.TryParse(text, isEnd, zone, out var utc))
                return utc;
            Refuse(name, text, FilterTimes.Accepted);
            return null;
        }

        public PublisherPulls Publishers()
        {
            if (Single("publishers") is not { } text)
                return PublisherPulls.Exclude;
            var index = Array.FindIndex(PublisherNames, name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase));
            if (index >= 0)
                return (PublisherPulls)index;
            Refuse("publishers", text, $"one of {string.Join(", ", PublisherNames)}");
            return PublisherPulls.Exclude;
        }

        public string? Text(string name, int maxLength)
        {
            var text = Single(name);
            if (text is null || text.Length <= maxLength)
                return text;
            Refuse(name, text, $"a text of at most {maxLength} characters");
            return null;
        }

        public FilterValues Values(string name, FilterDimension dimension)
        {
            if (!values.TryGetValue(name, out var given))
                return FilterValues.Empty;
            if (given.Count > MaxValues)
                Errors.Add(new FilterError(name, $"{name} is given {given.Count} times. Accepted: at most {MaxValues} values."));
            var kept = new List<string>();
            foreach (var text in given.Take(MaxValues))
            {
                var (value, accepted) = Read(dimension, text);
                if (value is null)
                    Refuse(name, text, accepted!);
                else
                    kept.Add(value);
            }

            return FilterValues.From(kept);
        }

        private string? Single(string name)
        {
            if (!values.TryGetValue(name, out var given) || given.Count == 0)
                return null;
            if (given.Count > 1)
                Errors.Add(new FilterError(name, $"{name} is given {given.Count} times. Accepted: one value."));
            return given[0];
        }

        private void Refuse(string name, string text, string accepted) =>
            Errors.Add(new FilterError(name, $"{name} '{(text.Length <= 60 ? text : text[..60] + "…")}' cannot be read. Accepted: {accepted}."));
    }
}
