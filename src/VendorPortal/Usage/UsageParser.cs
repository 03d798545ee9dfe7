using System.Text.Json;
using VendorPortal.Feeds;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Usage;

/// <summary>
/// Reads events of the product: one JSON object a line, or a body that is one array of them. A bad event is refused with the field and the accepted
/// form, and costs none of its neighbours. Fields: <c>docs/usage.md</c>.
/// </summary>
/// <param name="framing">Lines, or the whole array.</param>
/// <param name="maxEvents">Most events of an array.</param>
/// <param name="keptDays">How long events are kept, in days; older ones are refused. 0 = for ever.</param>
public sealed class UsageParser(FeedFraming framing, int maxEvents, int keptDays) : IFeedParser
{
    /// <summary>Longest build that is believed.</summary>
    public const double MaxSeconds = 7 * 24 * 3600;

    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 8 };

    public FeedFraming Framing => framing;

    public void Read(ReadOnlyMemory<byte> piece, DateTime nowUtc, FeedBatch batch)
    {
        if (framing == FeedFraming.Document)
        {
            ReadArray(piece, nowUtc, batch);
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(piece, Limits);
            Take(document.RootElement, nowUtc, batch);
        }
        catch (JsonException)
        {
            batch.RejectMalformed("the line is not JSON", piece.Span);
        }
    }

    private void ReadArray(ReadOnlyMemory<byte> body, DateTime nowUtc, FeedBatch batch)
    {
        using var document = JsonFields.Open(body);
        if (document.RootElement.GetArrayLength() > maxEvents)
            throw new FeedFormatException($"The body has more than {maxEvents} events.") { IsTooLarge = true };
        var index = 0;
        foreach (var element in document.RootElement.EnumerateArray())
        {
            batch.Index = index++;
            Take(element, nowUtc, batch);
        }

        if (batch.Malformed > 0 && batch.Malformed == batch.Count)
            throw new FeedFormatException("The array has no JSON objects.");
    }

    private void Take(JsonElement element, DateTime nowUtc, FeedBatch batch)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            batch.RejectMalformed("the event is not a JSON object", JsonFields.Bytes(element));
            return;
        }

        UsageEvent? read = null;
        var reason = JsonFields.Guard(() => Read(element, nowUtc, out read));
        if (reason is null)
            batch.Usage.Add(read!);
        else
            batch.Reject(reason, JsonFields.Bytes(element));
    }

    private string? Read(JsonElement e, DateTime nowUtc, out UsageEvent? read)
    {
        read = null;
        if (e.Text("id") is not { Length: > 0 and <= RequestFields.MaxEventId } id)
            return $"id is missing or longer than {RequestFields.MaxEventId} characters";
        if (e.Time("at") is not { } at)
            return "at is missing or not an RFC 3339 time with an offset";
        if (RequestFields.CheckTime("at", at, nowUtc) is { } badTime)
            return badTime;
        var told = KindOf(e.Text("kind"));
        // What a person says of being counted holds however late it comes.
        if (keptDays > 0 && at < nowUtc.Date.AddDays(-keptDays) && told is not (UsageKind.AnalyticsOptOut or UsageKind.AnalyticsOptIn))
            return $"at lies before the {keptDays} days that usage events are kept";
        if (told is not { } kind)
            return $"kind is missing or none of {string.Join(", ", UsageNames.Kinds)}";
        if (RequestFields.Clean(e.Text("user"), ProductUser.MaxUsername) is not { } user)
            return "user is missing or not a text; it is a user name or an e-mail address";
        var customer = RequestFields.Clean(e.Text("customer"), Customer.MaxName);
        // Clocks go ahead: what is told of the next minutes has happened by now. Kept are milliseconds.
        at = at < nowUtc ? at : nowUtc;
        var heard = new UsageEvent { Id = id, AtUtc = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMillisecond)), Kind = kind, User = user, Customer = customer };
        return ReadKind(e, heard, out read);
    }

    private static string? ReadKind(JsonElement e, UsageEvent heard, out UsageEvent? read)
    {
        read = heard;
        switch (heard.Kind)
        {
            case UsageKind.Active:
                read = heard with { Name = Named(e, "version"), System = Named(e, "os"), How = UsageNames.Interface(e.Text("interface")) };
                return read.Name is null ? Missing("version") : read.System is null ? Missing("os") : read.How is null ? "interface is missing or neither cli nor gui" : null;
            case UsageKind.Build:
                if (Seconds(e) is not { } seconds)
                    return "duration is missing or not a number of seconds from 0 to a week";
                if (e.Child("success").ValueKind is not (JsonValueKind.True or JsonValueKind.False) and var success)
                    return success == JsonValueKind.Undefined ? "success is missing; it is true or false" : "success is neither true nor false";
                read = heard with { DurationMs = (long)Math.Round(seconds * 1000), How = e.Child("success").GetBoolean() ? UsageWays.Succeeded : UsageWays.Failed };
                return null;
            case UsageKind.ContainerRun:
                read = heard with { How = UsageNames.Container(e.Text("through")) };
                return read.How is null ? "through is missing or none of gui, run, compose" : null;
            case UsageKind.ImagePull or UsageKind.ImagePush:
                read = heard with { Name = Named(e, "image") };
                return read.Name is null ? Missing("image") : null;
            case UsageKind.ExtensionInstalled or UsageKind.ExtensionRemoved:
                read = heard with { Name = Named(e, "name") };
                return read.Name is null ? Missing("name") : null;
            default:
                return null;
        }
    }

    private static string? Named(JsonElement e, string field) => RequestFields.Clean(e.Text(field), UsageName.MaxName);

    private static string Missing(string field) => $"{field} is missing or not a text";

    private static double? Seconds(JsonElement e) =>
        e.Child("duration") is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var seconds) && seconds is >= 0 and <= MaxSeconds ? seconds : null;

    private static UsageKind? KindOf(string? text) => text is null ? null : UsageNames.Kind(text);
}
