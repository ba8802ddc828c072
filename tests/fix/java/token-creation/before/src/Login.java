package com.example;

import org.apache.commons.httpclient.HttpClient;
import org.apache.commons.httpclient.methods.PostMethod;

class Login {
    static String authtoken(String user, String password) throws Exception {
        PostMethod post = new PostMethod("https://accounts.zoho.eu/apiauthtoken/nb/create");
        post.setParameter("SCOPE", "ZohoPeople/peopleapi");
        post.setParameter("EMAIL_ID", user);
        post.setParameter("PASSWORD", password);
        new HttpClient().executeMethod(post);
        for (String line : post.getResponseBodyAsString().split("\n")) {
            if (line.startsWith("AUTHTOKEN=")) {
                return line.substring("AUTHTOKEN=".length());
            }
        }
        throw new IllegalStateException("no token");
    }
}
