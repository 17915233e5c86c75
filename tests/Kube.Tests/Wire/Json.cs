using System.Text;
using System.Text.Json;

namespace IrisOperator.Kube.Tests.Wire;

internal static class Json
{
    public static string Of<T>(T obj)
        where T : class, IKubeResource<T> => Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(obj, Kind<T>.JsonTypeInfo));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
