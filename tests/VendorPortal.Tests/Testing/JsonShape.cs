using System.Text.Json;
using System.Text.RegularExpressions;

namespace VendorPortal.Tests.Testing;

/// <summary>
/// Holds JSON against a JSON Schema, of which it knows what the schemas kept with the tests use; anything else in one fails. (No validator restores from the registry of packages.)
/// </summary>
internal static class JsonShape
{
    private static readonly string[] Known = ["$schema", "type", "items", "required", "additionalProperties", "properties", "enum", "pattern", "minimum"];

    /// <summary>What is wrong, with its place; empty where the value is of the schema.</summary>
    public static IReadOnlyList<string> Problems(JsonElement schema, JsonElement value, string place = "$")
    {
        Assert.Empty(schema.EnumerateObject().Select(keyword => keyword.Name).Except(Known, StringComparer.Ordinal));
        var problems = new List<string>();
        if (schema.TryGetProperty("type", out var type) && !IsOf(type.GetString()!, value))
            return [$"{place} is no {type}"];
        if (schema.TryGetProperty("enum", out var choices) && !choices.EnumerateArray().Any(choice => choice.GetString() == value.GetString()))
            problems.Add($"{place} is none of {choices}");
        if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(value.GetString()!, pattern.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)))
            problems.Add($"{place} does not match {pattern}");
        if (schema.TryGetProperty("minimum", out var least) && value.GetDecimal() < least.GetDecimal())
            problems.Add($"{place} is less than {least}");
        if (schema.TryGetProperty("items", out var items))
            problems.AddRange(value.EnumerateArray().Index().SelectMany(item => Problems(items, item.Item, $"{place}[{item.Index}]")));
        if (schema.TryGetProperty("properties", out var properties))
            problems.AddRange(OfProperties(schema, properties, value, place));
        return problems;
    }

    private static IEnumerable<string> OfProperties(JsonElement schema, JsonElement properties, JsonElement value, string place)
    {
        foreach (var name in schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)))
            yield return $"{place}.{name} is missing";
        foreach (var property in value.EnumerateObject())
        {
            if (!properties.TryGetProperty(property.Name, out var own))
            {
                if (schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False)
                    yield return $"{place}.{property.Name} is not known";
                continue;
            }

            foreach (var problem in Problems(own, property.Value, $"{place}.{property.Name}"))
                yield return problem;
        }
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new NotSupportedException($"A type '{type}' is not known here."),
    };
}
