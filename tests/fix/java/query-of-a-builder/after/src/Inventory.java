import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

public class Inventory {
    public String items(String token, String org) throws Exception {
        HttpUrl url = HttpUrl.parse("https://inventory.zoho.com/api/v1/items").newBuilder()
                .addQueryParameter("organization_id", org)
                .build();
        Request request = new Request.Builder().header("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get()).url(url).get().build();
        return new OkHttpClient().newCall(request).execute().body().string();
    }
}
