import okhttp3.OkHttpClient;
import okhttp3.Request;

public class Estimates {
    private final Tokens tokens;

    Estimates(Tokens tokens) {
        this.tokens = tokens;
    }

    String list(String authtoken, String org) throws Exception {
        Request request = new Request.Builder()
                .url("https://books.zoho.com/api/v3/estimates?organization_id=" + org)
                .header("Authorization", "Zoho-oauthtoken " + tokens.accessToken())
                .build();
        return new OkHttpClient().newCall(request).execute().body().string();
    }

    interface Tokens {
        String accessToken();
    }
}
