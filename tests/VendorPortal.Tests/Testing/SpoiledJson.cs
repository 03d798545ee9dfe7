using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace VendorPortal.Tests.Testing;

/// <summary>Events of which a field has become something else: of another type, of another form, or text that is not valid Unicode.</summary>
internal static class SpoiledJson
{
    public static Gen<string> Value => Gen.Elements(
        "null", "true", "-1e999", "[]", "{}", "[[[[{}]]]]", "\"\"", "\"\\ud83d\"", "\"\\u0000\"", "\"GET\"", "\"sha256:\"", "\"9999-12-31T23:59:59.9999999-14:00\"",
        "[{\"digest\":\"\\udfff\"}]", "{\"\\ud800\":{}}", "1");

    /// <summary>Puts a value in the place of a field; of an array its first element is meant. By text: a JSON library would not write what must be tried here.</summary>
    /// <param name="json">An object.</param>
    /// <param name="path">Names with dots between.</param>
    /// <param name="value">JSON as it is to be sent.</param>
    public static string With(string json, string path, string value)
    {
        const string Mark = "\"###\"";
        var node = JsonNode.Parse(json)!.AsObject();
        var parent = node;
        var names = path.Split('.');
        foreach (var name in names[..^1])
            parent = parent[name] is JsonArray list ? list[0]!.AsObject() : parent[name]!.AsObject();
        parent[names[^1]] = "###";
        return node.ToJsonString().Replace(Mark, value, StringComparison.Ordinal);
    }
}
