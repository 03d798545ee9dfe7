namespace VendorPortal.Feeds.AccessLogs;

/// <summary>How the proxies write a log that the portal reads, and how it is shipped.</summary>
internal static class AccessLogGuide
{
    /// <summary>A format of nginx that tells all there is to know; the preset <c>json:nginx</c> reads it.</summary>
    public const string Nginx = """
        # in the http section
        log_format registry escape=json
          '{"msec":"$msec","request_id":"$request_id","remote_addr":"$remote_addr","remote_user":"$remote_user",'
          '"method":"$request_method","uri":"$request_uri","status":"$status","user_agent":"$http_user_agent",'
          '"docker_content_digest":"$sent_http_docker_content_digest"}';
        map $request_uri $registry_manifest { default 0; ~^/v2/.+/manifests/ 1; }

        # in the server of the registry
        access_log /var/log/registry.log registry if=$registry_manifest;
        """;

    public const string Caddy = """
        registry.example.com {
        	log {
        		output file /var/log/registry.log
        		format json
        	}
        	reverse_proxy 127.0.0.1:5000
        }
        """;

    public const string Traefik = """
        accessLog:
          filePath: /var/log/registry.log
          format: json
          fields:
            headers:
              defaultMode: drop
              names:
                User-Agent: keep
                Docker-Content-Digest: keep
        """;

    public static IEnumerable<FeedGuideStep> Proxy(AccessLogFormat format) => format.Format switch
    {
        "json:nginx" => [new("Let nginx write this log and reload it", "The configuration of nginx", Nginx)],
        "json:caddy" => [new("Let Caddy write an access log", "The configuration of Caddy", Caddy)],
        "json:traefik" => [new("Let Traefik write an access log", "The static configuration of Traefik", Traefik)],
        _ => [],
    };

    public static string Vector(CreatedFeed feed) => $"""
        [sources.registry]
        type = "file"
        include = ["/var/log/registry.log"]

        [sinks.portal]
        type = "http"
        inputs = ["registry"]
        uri = "{feed.Url}"
        compression = "gzip"
        framing.method = "newline_delimited"
        encoding.codec = "text"
        auth.strategy = "bearer"
        auth.token = "{feed.Secret}"
        """;

    public static IReadOnlyList<string> Notes(AccessLogFormat format)
    {
        var notes = new List<string> { "The account in an access log is what the client claimed; only answered requests make pulls.", "A log on the portal’s own machine needs no shipper: on its command line, feed add --kind accesslog --file PATH." };
        if (format.Format.StartsWith("json:", StringComparison.Ordinal))
            return notes;
        notes.Add("A combined log tells the time to a second and no digest: the digest of a pull by tag stays unknown unless its manifest is fetched by digest, and identical lines of one second count as one where they arrive in different posts. JSON lines know better.");
        return notes;
    }
}
