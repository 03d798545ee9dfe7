using System.Globalization;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>Something to do at the sender, and the text to paste there.</summary>
/// <param name="Title">What to do.</param>
/// <param name="Label">What the text is, for screen readers.</param>
/// <param name="Text">Configuration or command, with the feed's address and secret.</param>
public sealed record FeedGuideStep(string Title, string Label, string Text);

/// <summary>How a new feed is connected: what to paste where, and what is good to know.</summary>
public sealed record FeedGuide(IReadOnlyList<FeedGuideStep> Steps, IReadOnlyList<string> Notes)
{
    private const string Forwarded = "Behind another proxy, let that one set X-Forwarded-For anew; a client can forge an entry that is only appended to.";

    public static FeedGuide For(CreatedFeed feed) => feed.Kind switch
    {
        FeedKind.Distribution => new(
            [new("Add this to the registry’s config.yml and restart it", "The notifications section of the registry", DistributionStanza.For(feed.Url, feed.Secret))],
            [
                Forwarded,
                "The registry writes its endpoints, the secret included, into its own log when it starts.",
                "Events wait in the registry’s memory while the portal is away. Pulls never wait.",
            ]),
        FeedKind.AccessLog => new([.. AccessLogGuide.Proxy(feed.Format!), new("Ship the log, for example with Vector", "A configuration of Vector", AccessLogGuide.Vector(feed))], AccessLogGuide.Notes(feed.Format!)),
        FeedKind.Harbor => new(
            [new("In the project, under Webhooks, add one with these values", "The values of the webhook", Harbor(feed))],
            [
                "Harbor tells neither the client’s address nor its user agent, and of no HEAD: these stay unknown, and version checks are not seen.",
                "A webhook belongs to one project: add one for each, all to the same feed.",
            ]),
        FeedKind.CloudEvents => new(
            [new("Subscribe the feed to the events of the organisation", "The command for Chainguard", $"chainctl events subscriptions create --parent ORGANISATION \"{feed.Url}?secret={feed.Secret}\"")],
            [
                "The secret stands in the address, because Chainguard signs the Authorization header itself. Senders that can set the header should send it as a bearer token.",
                "Events of other types are taken and ignored.",
            ]),
        FeedKind.DvpCsv => new(
            [new("Post each file of raw data", "A command that posts a file", Curl(feed, "text/csv", "@raw-2026-W18.csv"))],
            [
                "Rows were classified by Docker and are kept as they are: their pulls say so. Such files hold no address and no account.",
                "Post a file as it is: the same file twice changes nothing, the same rows cut into other files would count again.",
            ]),
        _ => new(
            [new("Post one request a line", "An example of a post", Curl(feed, "application/x-ndjson", """{"at":"2026-05-01T10:00:00.123Z","method":"GET","repository":"acme/app","tag":"1.0","digest":"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","address":"203.0.113.7","user":"alice","userAgent":"docker/28.5"}"""))],
            []),
    };

    private static string Harbor(CreatedFeed feed) => $"""
        Notify type:     http
        Payload format:  CloudEvents
        Event type:      Artifact pulled, Artifact pushed
        Endpoint URL:    {feed.Url}
        Auth header:     Bearer {feed.Secret}
        """;

    private static string Curl(CreatedFeed feed, string contentType, string data) => string.Create(CultureInfo.InvariantCulture, $"""
        curl {feed.Url} \
          -H 'Authorization: Bearer {feed.Secret}' \
          -H 'Content-Type: {contentType}' \
          --data-binary '{data}'
        """);
}
