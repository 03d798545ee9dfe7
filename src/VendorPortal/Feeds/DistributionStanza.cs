using System.Globalization;

namespace VendorPortal.Feeds;

/// <summary>The <c>notifications</c> section of a CNCF Distribution registry (2.x and 3.x) that connects it to a feed.</summary>
public static class DistributionStanza
{
    /// <summary>The name of the endpoint in the registry's own log and metrics.</summary>
    public const string EndpointName = "vendor-portal";

    /// <summary>
    /// YAML for the registry's <c>config.yml</c>. Blobs are left out, which is four events of ten; pushes are not, for they tell what an
    /// index lists and which accounts publish. The registry never gives an event up, so the back-off is only how
    /// soon it asks again after an outage.
    /// </summary>
    public static string For(string url, string secret) => string.Create(CultureInfo.InvariantCulture, $"""
        notifications:
          events:
            includereferences: true   # tells what an index lists: one pull stays one row
          endpoints:
            - name: {EndpointName}
              url: {Quote(url)}
              headers:
                Authorization: [{Quote($"Bearer {secret}")}]
              timeout: 1s
              threshold: 3
              backoff: 2s             # after an outage the registry asks again every 2 s; pulls never wait
              ignore:
                mediatypes:
                  - application/octet-stream   # layers are not pulls
        """);

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
